# Writes paired.json: expected values for one group measured twice that oracle.json lacks. Run: Rscript paired.R > paired.json
# Needs Debian: r-base-core r-cran-jsonlite r-cran-exactranktests r-cran-coin r-cran-psych
suppressMessages({library(jsonlite); library(exactRankTests); library(coin); library(psych)})
num <- function(x) as.numeric(x)
cases <- list()
add <- function(.case, kind, call, ...) cases[[.case]] <<- list(kind = kind, call = call, ...)   # the dot keeps "n =" out of partial matching

data <- list(
  sleep = list(pre = sleep$extra[1:10], post = sleep$extra[11:20]),
  thomason_1 = list(pre = c(13,12,12,9,14,17,14,9,6,7,11,15), post = c(14,13,16,12,15,18,13,10,10,8,14,16)),
  likert_zeros_ties = list(pre = c(24,31,28,22,30,27,25,29,33,21,26,28,30,24,27,32,29,23,25,28,31,26,27,30,22,29,28,25,24,33),
                           post = c(28,31,30,25,33,27,29,30,33,26,27,32,30,27,29,32,31,28,25,31,33,26,30,33,25,29,31,28,28,32)),
  everybody_improved = list(pre = c(3,4,2,5,6,4,3,5), post = c(5,6,6,6,9,7,4,7)),
  everybody_worsened = list(pre = c(9,8,7,9,10,6,8), post = c(7,5,6,5,8,2,7)),
  constant_before = list(pre = rep(4, 7), post = c(4,5,7,6,5,8,4)),
  means_of_items = list(pre = c(2.3,3.1,2.7,3.4,2.9,3.3,2.2,3.8,2.5,3.0), post = c(3.3,3.1,3.7,3.6,3.9,3.1,3.2,3.9,3.0,3.3)))

# Bonett (2008) interval of d_av written from the paper in terms of SDs and r; statpsych::ci.stdmean.ps prints the same for its documented example
bonett <- function(change, sd1, sd2, r, n, conf = .95) {
  v1 <- sd1^2; v2 <- sd2^2; s <- sqrt((v1 + v2)/2); d <- change/s
  vd <- v1 + v2 - 2*r*sd1*sd2
  se <- sqrt(d^2*(v1^2 + v2^2 + 2*r^2*v1*v2)/(8*(n - 1)*s^4) + vd/((n - 1)*s^2))
  nu <- (n - 1)*(v1 + v2)^2/(v1^2 + v2^2 + 2*r^2*v1*v2)
  J <- gamma(nu/2)/(sqrt(nu/2)*gamma((nu - 1)/2))
  z <- qnorm(1 - (1 - conf)/2)
  list(d = d, low = d - z*se, high = d + z*se, g = J*d, g_low = J*(d - z*se), g_high = J*(d + z*se))
}
mean_sd <- function(change, sd1, sd2, r, n, conf = .95) {
  s <- (sd1 + sd2)/2; d <- change/s; vd <- sd1^2 + sd2^2 - 2*r*sd1*sd2
  relative <- (sd1^2 + sd2^2 + 2*r^2*sd1*sd2)/(8*(n - 1)*s^2)     # variance of s over s^2
  se <- sqrt(d^2*relative + vd/((n - 1)*s^2)); nu <- 1/(2*relative)
  J <- gamma(nu/2)/(sqrt(nu/2)*gamma((nu - 1)/2)); z <- qnorm(1 - (1 - conf)/2)
  list(d = d, low = d - z*se, high = d + z*se, g = J*d, g_low = J*(d - z*se), g_high = J*(d + z*se))
}
for (name in names(data)) {
  x <- data[[name]]$pre; y <- data[[name]]$post; d <- round(y - x, 10); n <- length(d)
  r <- if (sd(x) == 0) 0 else cor(x, y)
  add(paste0(name, "_d_av"), "d_av", "Bonett (2008) by hand", pre = x, post = y,
      expected = list(pooled = bonett(mean(d), sd(x), sd(y), r, n), mean_sd = mean_sd(mean(d), sd(x), sd(y), r, n)))
  nz <- d[d != 0]; ranks <- rank(abs(nz)); share <- sum(ranks[nz > 0])/sum(ranks); size <- sum(ranks)^2/sum(ranks^2)
  w <- suppressWarnings(prop.test(share*size, size, correct = FALSE)$conf.int)
  add(paste0(name, "_rank_biserial"), "rank_biserial", "prop.test(correct = FALSE) on the effective number", pre = x, post = y,
      expected = list(r = 2*share - 1, low = 2*w[1] - 1, high = 2*w[2] - 1))
  tenths <- round(10*d); pratt <- wilcoxsign_test(I(x*0 + tenths) ~ I(x*0), distribution = "exact", zero.method = "Pratt")
  we <- wilcox.exact(tenths, conf.int = TRUE)
  add(paste0(name, "_ranks"), "ranks", "coin::wilcoxsign_test(Pratt), exactRankTests::wilcox.exact on whole tenths", pre = 0*x, post = tenths,
      expected = list(p_pratt = num(pvalue(pratt)), p_wilcox = we$p.value, estimate = num(we$estimate), low = we$conf.int[1], high = we$conf.int[2]))
  sh <- shapiro.test(d)
  D <- num(suppressWarnings(ks.test(d, "pnorm", mean(d), sd(d))$statistic))
  p <- exp(-7.01256*D^2*(n + 2.78019) + 2.99587*D*sqrt(n + 2.78019) - 0.122119 + 0.974598/sqrt(n) + 1.67997/n)  # Dallal & Wilkinson 1986
  add(paste0(name, "_normality"), "normality", "shapiro.test; ks.test for D; Dallal and Wilkinson (1986) for p below .10", values = d,
      expected = list(W = num(sh$statistic), p = sh$p.value, D = D, p_dallal_wilkinson = p))
  lo <- t.test(d, mu = -1.5, alternative = "greater")$p.value; up <- t.test(d, mu = 2, alternative = "less")$p.value; ci <- t.test(d, conf.level = .9)$conf.int
  add(paste0(name, "_equivalence"), "equivalence", "t.test one-sided twice", pre = x, post = y, lower = -1.5, upper = 2,
      expected = list(p_lower = lo, p_upper = up, p = max(lo, up), low = ci[1], high = ci[2]))
  if (sd(x) > 0) { ct <- cor.test(x, y); add(paste0(name, "_correlation"), "correlation", "cor.test", first = x, second = y,
      expected = list(r = num(ct$estimate), low = ct$conf.int[1], high = ct$conf.int[2])) }
}
add("statpsych_example", "published_d_av", "statpsych::ci.stdmean.ps(.05, 110.4, 102.1, 15.3, 14.6, .75, 25), values as printed in its manual",
    change = 8.3, sd_pre = 14.6, sd_post = 15.3, r = .75, n = 25, expected = list(d = .5550319, low = .2394905, high = .8705732))

powers <- expand.grid(n = c(3, 5, 12, 45, 200), power = c(.5, .8, .95), alpha = c(.05, .01))
exact <- function(n, power, alpha) uniroot(function(d) {t <- qt(1 - alpha/2, n - 1); pt(t, n - 1, d*sqrt(n), lower = FALSE) + pt(-t, n - 1, d*sqrt(n)) - power}, c(1e-6, 30), tol = 1e-13)$root
powers$exact <- mapply(exact, powers$n, powers$power, powers$alpha)
add("power_grid", "power", "pt(ncp) with uniroot", n = powers$n, power = powers$power, alpha = powers$alpha,
    expected = list(d = powers$exact))

omega <- function(a) {
  f <- factanal(a, 1, control = list(opt = list(factr = 1, pgtol = 1e-14, maxit = 5000)))
  s <- apply(a, 2, sd); l <- num(f$loadings)*s; u <- num(f$uniquenesses)*s^2
  list(omega = sum(l)^2/(sum(l)^2 + sum(u)), uniquenesses = num(f$uniquenesses))
}
tests <- list(attitude = as.matrix(attitude), bfi_agreeableness = {b <- as.matrix(na.omit(psych::bfi[1:120, 1:5])); b[, 1] <- 7 - b[, 1]; b})
for (name in names(tests)) add(paste0(name, "_omega"), "omega", "factanal(factors = 1), omega by hand", items = unname(tests[[name]]), expected = omega(tests[[name]]))
binary <- unname(as.matrix(psych::lsat6)[seq(1, 1000, by = 25), ])
p <- colMeans(binary); k <- ncol(binary); total <- rowSums(binary); n <- nrow(binary)
add("kr20_lsat6", "kr20", "Kuder-Richardson 20 by hand (population variances); psych::alpha", items = binary,
    expected = list(kr20 = k/(k - 1)*(1 - sum(p*(1 - p))/(var(total)*(n - 1)/n)), alpha = suppressWarnings(suppressMessages(psych::alpha(binary, warnings = FALSE)))$total$raw_alpha))

independent <- function(a, b) { s2 <- (var(a) + var(b))/2; d <- (mean(a) - mean(b))/sqrt(s2)
  se <- sqrt(d^2*(var(a)^2/(length(a) - 1) + var(b)^2/(length(b) - 1))/(8*s2^2) + (var(a)/(length(a) - 1) + var(b)/(length(b) - 1))/s2)
  list(difference = mean(a) - mean(b), d = d, low = d - qnorm(.975)*se, high = d + qnorm(.975)*se) }
add("stayers_leavers", "standardised_difference", "Bonett (2008) by hand", first = c(24,31,28,22,30,27,25,29), second = c(22,25,23,30,21), expected = independent(c(24,31,28,22,30,27,25,29), c(22,25,23,30,21)))

marx_cummings <- function(pre, post, top) { drop <- (pre == post) & (pre == top | pre == 0); pre <- pre[!drop]; post <- post[!drop]
  ifelse(post > pre, (post - pre)/(top - pre), ifelse(post < pre, (post - pre)/pre, 0)) }
pre <- c(4,5,10,7,0,9,3,10,6,8); post <- c(7,5,10,9,0,6,8,9,10,10); c1 <- marx_cummings(pre, post, 10); g <- ((post - pre)/(10 - pre))[pre < 10]
add("gain_by_hand", "gain", "Hake (1998) and Marx and Cummings (2007) by hand", pre = pre, post = post, maximum = 10,
    expected = list(class_gain = (mean(post) - mean(pre))/(10 - mean(pre)), individual = list(n_used = length(g), mean = mean(g), sd = sd(g)), change = list(n_used = length(c1), mean = mean(c1), sd = sd(c1))))

x <- data$likert_zeros_ties$pre; y <- data$likert_zeros_ties$post; s <- sqrt(2)*sd(x)*sqrt(1 - .86); rci <- (y - x)/s
add("reliable_change_counts", "reliable_change", "Jacobson and Truax (1991) by hand", pre = x, post = y, reliability = .86,
    expected = list(se_difference = s, threshold = qnorm(.975)*s, improved = sum(rci > qnorm(.975)), worse = sum(rci < -qnorm(.975))))

cat(toJSON(list(tool = R.version.string, packages = sapply(c("exactRankTests","coin","psych"), function(p) as.character(packageVersion(p)), simplify = FALSE), cases = cases), digits = NA, auto_unbox = TRUE, pretty = TRUE))
