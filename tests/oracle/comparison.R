# Writes comparison.json: independent groups. Run: Rscript comparison.R > comparison.json
# Needs Debian: r-base-core r-cran-jsonlite r-cran-coin r-cran-sandwich
suppressMessages({library(jsonlite); library(coin); library(sandwich)})
num <- function(x) as.numeric(x)

welch <- function(a, b) {
  t <- t.test(a, b)
  list(call = "t.test(a, b)", difference = mean(a) - mean(b), low = t$conf.int[1], high = t$conf.int[2],
       statistic = num(t$statistic), df = num(t$parameter), p = t$p.value)
}
rank_sum <- function(a, b) {
  y <- c(a, b); g <- factor(rep(c("programme", "comparison"), c(length(a), length(b))), levels = c("programme", "comparison"))
  exact <- wilcox_test(y ~ g, distribution = "exact")
  list(call = "coin::wilcox_test(distribution = 'exact'); z without continuity correction",
       u = sum(outer(a, b, ">")) + sum(outer(a, b, "==")) / 2, z = num(statistic(exact, "standardized")),
       p_asymptotic = num(pvalue(wilcox_test(y ~ g))), p = num(pvalue(exact)))
}
brunner_munzel <- function(a, b) {          # Brunner & Munzel 2000, variance as corrected by Neubert & Brunner 2007
  n1 <- length(a); n2 <- length(b); r <- rank(c(a, b)); ra <- r[1:n1]; rb <- r[-(1:n1)]
  v1 <- sum((ra - rank(a) - mean(ra) + (n1 + 1) / 2)^2) / (n1 - 1)
  v2 <- sum((rb - rank(b) - mean(rb) + (n2 + 1) / 2)^2) / (n2 - 1)
  w <- n1 * n2 * (mean(ra) - mean(rb)) / (n1 + n2) / sqrt(n1 * v1 + n2 * v2)
  df <- (n1 * v1 + n2 * v2)^2 / ((n1 * v1)^2 / (n1 - 1) + (n2 * v2)^2 / (n2 - 1))
  est <- (mean(ra) - (n1 + 1) / 2) / n2; half <- qt(.975, df) * sqrt(v1 / (n1 * n2^2) + v2 / (n2 * n1^2))
  list(call = "base R formula", probability = est, low = max(0, est - half), high = min(1, est + half), statistic = w, df = df, p = 2 * pt(-abs(w), df))
}
cliff <- function(a, b) {                   # Newcombe 2006 method 5 by uniroot
  n1 <- length(a); n2 <- length(b); t <- (sum(outer(a, b, ">")) + sum(outer(a, b, "==")) / 2) / (n1 * n2)
  N <- (n1 + n2) / 2 - 1; z <- qnorm(.975)
  f <- function(x) (t - x)^2 - z^2 * x * (1 - x) / (n1 * n2) * (1 + N * (1 - x) / (2 - x) + N * x / (1 + x))
  low <- if (t == 0) 0 else uniroot(f, c(0, min(t, 1 - 1e-9)), tol = 1e-15)$root
  high <- if (t == 1) 1 else uniroot(f, c(max(t, 1e-9), 1), tol = 1e-15)$root
  list(call = "uniroot on Newcombe's equation", delta = mean(sign(outer(a, b, "-"))), low = 2 * low - 1, high = 2 * high - 1)
}
std_diff <- function(a, b) {
  d <- (mean(a) - mean(b)) / sqrt((var(a) + var(b)) / 2); n <- length(a) + length(b)
  half <- qnorm(.975) * sqrt(n / (length(a) * length(b)) + d^2 / (2 * n))
  list(call = "base R formula", d = d, low = d - half, high = d + half)
}
two <- function(source, a, b) list(kind = "two_groups", source = source, programme = a, comparison = b, expected = list(
  welch = welch(a, b), mann_whitney = rank_sum(a, b), brunner_munzel = brunner_munzel(a, b), cliff = cliff(a, b), standardised_difference = std_diff(a, b)))

slope <- function(fit, name) {
  v <- vcovHC(fit, type = "HC3"); est <- num(coef(fit)[name]); se <- sqrt(v[name, name]); df <- fit$df.residual
  list(call = "lm + sandwich::vcovHC(type = 'HC3'), t on n - 3 df", estimate = est, standard_error = se, low = est - qt(.975, df) * se, high = est + qt(.975, df) * se,
       statistic = est / se, df = df, p = 2 * pt(-abs(est / se), df), pre_slope = num(coef(fit)["pre"]))
}
ppc2 <- function(pre1, post1, pre2, post2) {
  n1 <- length(pre1); n2 <- length(pre2); n <- n1 + n2; cp <- 1 - 3 / (4 * (n - 2) - 1)
  ss <- function(x) sum((x - mean(x))^2); sp <- function(x, y) sum((x - mean(x)) * (y - mean(y)))
  sd_pre <- sqrt((ss(pre1) + ss(pre2)) / (n - 2)); r <- (sp(pre1, post1) + sp(pre2, post2)) / sqrt((ss(pre1) + ss(pre2)) * (ss(post1) + ss(post2)))
  d <- cp * (mean(post1 - pre1) - mean(post2 - pre2)) / sd_pre
  v <- 2 * cp^2 * (1 - r) * (n / (n1 * n2)) * ((n - 2) / (n - 4)) * (1 + d^2 / (2 * (1 - r) * n / (n1 * n2))) - d^2
  list(call = "Morris 2008 eq. 8, 16", d = d, variance = v, low = d - qnorm(.975) * sqrt(v), high = d + qnorm(.975) * sqrt(v))
}
pre1 <- c(12,15,11,14,13,16,10,12,15,14,9,13); post1 <- c(16,17,15,18,14,20,13,17,16,18,12,19)
pre2 <- c(13,14,10,15,12,16,11,13,12,14); post2 <- c(14,14,12,15,14,16,11,15,12,16)
dose <- c(3,1,2,4,0,5,2,3,1,4,2,5, 0,1,0,2,1,0,1,2,0,1)
pre <- c(pre1, pre2); post <- c(post1, post2); arm <- rep(1:0, c(12, 10))

cases <- list()
sl <- split(sleep$extra, sleep$group)
cases$sleep_groups <- two("R datasets::sleep as two groups", sl[["2"]], sl[["1"]])
cases$pain <- two("Brunner & Munzel 2000, shoulder pain scores with many ties", c(3,3,4,3,1,2,3,1,1,5,4), c(1,2,1,1,1,1,1,1,1,1,2,4,1,1))
cases$hogarty <- two("Hogarty & Kromrey", c(10,10,20,20,20,30,30,30,40,50), c(10,20,30,40,40,50))
cases$few <- two("constructed, 5 and 4", c(5,7,6,9,8), c(4,5,3,6))
cases$apart <- list(kind = "two_groups", source = "constructed: no overlap", programme = c(7,8,9,9), comparison = c(1,2,3), expected = list(
  welch = welch(c(7,8,9,9), c(1,2,3)), mann_whitney = rank_sum(c(7,8,9,9), c(1,2,3)), cliff = cliff(c(7,8,9,9), c(1,2,3))))
set.seed(3); many1 <- sample(1:5, 60, TRUE, c(1,2,3,4,5)); many2 <- sample(1:5, 55, TRUE, c(3,3,3,2,1))
cases$likert_60_55 <- two("simulated 5-point answers, 60 and 55", many1, many2)
cases$pre_post_arms <- list(kind = "pre_post_arms", source = "constructed, 12 and 10 persons", programme_pre = pre1, programme_post = post1,
  comparison_pre = pre2, comparison_post = post2, dose = dose, expected = list(
  difference_in_changes = welch(post1 - pre1, post2 - pre2), ancova = slope(lm(post ~ pre + arm), "arm"),
  dose = slope(lm(I(post - pre) ~ pre + dose), "dose"), d_ppc2 = ppc2(pre1, post1, pre2, post2)))
rt <- rep(c("RT 01", "RT 02", "RT 03"), length.out = 22)
within <- function(fit, name) { found <- slope(fit, name); found$call <- "lm with factor(rt) + sandwich::vcovHC(type = 'HC3'), t on the residual df"; if (is.na(found$pre_slope)) found$pre_slope <- NULL; found }
cases$pre_post_rts <- list(kind = "pre_post_rts", source = "pre_post_arms, persons in three RTs in turn", pre = pre, post = post, arm = arm, dose = dose, rt = rt, expected = list(
  ancova = within(lm(post ~ pre + arm + factor(rt)), "arm"), dose = within(lm(I(post - pre) ~ pre + dose + factor(rt)), "dose"),
  difference = within(lm(I(post - pre) ~ arm + factor(rt)), "arm")))
rts1 <- c(2.1, 3.4, 2.9, 4.0); rts2 <- c(1.2, 2.2, 0.4, 1.9, 2.0); all <- c(rts1, rts2)
diffs <- combn(9, 4, function(i) abs(mean(all[i]) - mean(all[-i])))
cases$rts <- list(kind = "rts", source = "constructed, every allocation by combn", programme = rts1, comparison = rts2,
  expected = list(p = mean(diffs >= abs(mean(rts1) - mean(rts2)) - 1e-12), smallest_p = mean(diffs >= max(diffs) - 1e-12), allocations = length(diffs)))
cat(toJSON(list(tool = R.version.string, packages = lapply(c(coin = "coin", sandwich = "sandwich"), function(p) as.character(packageVersion(p))), cases = cases), digits = NA, auto_unbox = TRUE, pretty = TRUE))
cat("\n")
