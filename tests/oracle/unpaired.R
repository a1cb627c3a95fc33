# Writes unpaired.json: two waves of people who cannot be paired. Run: Rscript unpaired.R > unpaired.json
# Needs Debian: r-base-core r-cran-jsonlite r-cran-pwr
suppressMessages({library(jsonlite); library(pwr)})
num <- function(x) as.numeric(x)

two <- function(source, pre, post, delta, maximum) {
  w <- t.test(post, pre); s <- t.test(post, pre, var.equal = TRUE); r <- rank(c(pre, post)); first <- seq_along(pre)
  n1 <- length(pre); n2 <- length(post); pooled <- sqrt(((n1 - 1) * var(pre) + (n2 - 1) * var(post)) / (n1 + n2 - 2))
  d <- pwr.t2n.test(n1 = n1, n2 = n2, power = .8)$d
  shift <- uniroot(function(x) { q <- qt(.975, n1 + n2 - 2); pt(q, n1 + n2 - 2, x) - pt(-q, n1 + n2 - 2, x) - .2 }, c(0, 50), tol = 1e-14)$root
  exact <- shift * sqrt(1 / n1 + 1 / n2); stopifnot(abs(exact - d) < 1e-3)
  list(kind = "unpaired", source = source, pre = pre, post = post, delta = delta, maximum = maximum, expected = list(
    welch = list(call = "t.test(post, pre)", change = mean(post) - mean(pre), change_low = w$conf.int[1], change_high = w$conf.int[2], statistic = num(w$statistic), df = num(w$parameter), p = w$p.value),
    student = list(call = "t.test(post, pre, var.equal = TRUE)", change_low = s$conf.int[1], change_high = s$conf.int[2], statistic = num(s$statistic), df = num(s$parameter), p = s$p.value),
    equivalence = list(call = "t.test(post, pre, mu = -+delta, alternative) twice; interval of level .90",
      low = t.test(post, pre, conf.level = .9)$conf.int[1], high = t.test(post, pre, conf.level = .9)$conf.int[2],
      p = max(t.test(post, pre, mu = -delta, alternative = "greater")$p.value, t.test(post, pre, mu = delta, alternative = "less")$p.value)),
    ranks = list(call = "rank; suppressWarnings(wilcox.test)$statistic", mean_rank_pre = mean(r[first]), mean_rank_post = mean(r[-first]), u = num(suppressWarnings(wilcox.test(post, pre))$statistic)),
    detectable = list(call = "uniroot on pt(ncp); checked with pwr.t2n.test", d = exact, change = exact * pooled),
    gain = (mean(post) - mean(pre)) / (maximum - mean(pre))))
}
shares <- function(source, right1, n1, right2, n2) {
  l <- prop.test(right1, n1, correct = FALSE)$conf.int; u <- prop.test(right2, n2, correct = FALSE)$conf.int
  p1 <- right1 / n1; p2 <- right2 / n2
  list(kind = "shares", source = source, right_pre = right1, n_pre = n1, right_post = right2, n_post = n2, expected = list(
    call = "Newcombe's method 10 from the limits of prop.test(correct = FALSE); fisher.test", pre = p1, post = p2, change = p2 - p1,
    low = p2 - p1 - sqrt((p2 - u[1])^2 + (l[2] - p1)^2), high = p2 - p1 + sqrt((u[2] - p2)^2 + (p1 - l[1])^2),
    p = fisher.test(matrix(c(right1, n1 - right1, right2, n2 - right2), 2))$p.value))
}
sl <- split(sleep$extra, sleep$group)
set.seed(8); before <- pmin(100, pmax(0, round(rnorm(23, 55, 15) / 5) * 5)); after <- pmin(100, pmax(0, round(rnorm(31, 72, 12) / 5) * 5))
cases <- list(
  sleep_apart = two("R datasets::sleep as two groups", sl[["1"]], sl[["2"]], 1, 8),
  few_apart = two("constructed, 4 and 5", c(4, 5, 3, 6), c(5, 7, 6, 9, 8), 1.5, 10),
  percent_apart = two("simulated scores of 23 and 31 persons with many ties", before, after, 10, 100),
  newcombe_shares = shares("Newcombe 1998, table II: 48/80 and 56/70", 48, 80, 56, 70),
  small_shares = shares("constructed: 4 of 12 and 9 of 11", 4, 12, 9, 11),
  all_right_shares = shares("constructed: 5 of 9 and 10 of 10", 5, 9, 10, 10),
  unequal_shares = shares("constructed: 2 of 30 and 3 of 8", 2, 30, 3, 8))
cat(toJSON(list(tool = R.version.string, packages = list(pwr = as.character(packageVersion("pwr"))), cases = cases), digits = NA, auto_unbox = TRUE, pretty = TRUE))
cat("\n")
