# Writes waves.json: three or more waves. Run: Rscript waves.R > waves.json
# Needs Debian: r-base-core r-cran-jsonlite r-cran-coin
suppressMessages({library(jsonlite); library(coin)})
num <- function(x) as.numeric(x)
friedman <- function(m) { f <- friedman.test(m); list(call = "friedman.test", statistic = num(f$statistic), df = num(f$parameter), p = f$p.value, kendall_w = num(f$statistic) / (nrow(m) * (ncol(m) - 1))) }
anova_rm <- function(m) {
  fit <- lm(m ~ 1); wave <- data.frame(wave = factor(seq_len(ncol(m))))
  a <- anova(fit, idata = wave, X = ~1, test = "Spherical")
  eps <- as.numeric(sub(".*: *", "", grep("Greenhouse", attr(a, "heading"), value = TRUE)))
  s <- var(m); d <- sweep(sweep(s, 1, rowMeans(s)), 2, colMeans(s)) + mean(s)
  exact <- sum(diag(d))^2 / ((ncol(m) - 1) * sum(d^2)); stopifnot(abs(exact - eps) < 1e-3)
  k <- ncol(m); n <- nrow(m); f <- a$F[1]
  list(call = "anova(lm(m ~ 1), X = ~1, test = 'Spherical'); epsilon to all digits from the centred covariance", f = f, df_waves = k - 1, df_error = (n - 1) * (k - 1), p = pf(f, k - 1, (n - 1) * (k - 1), lower.tail = FALSE),
       p_greenhouse_geisser_printed = a$`G-G Pr`[1], epsilon = exact, p_greenhouse_geisser = pf(f, exact * (k - 1), exact * (n - 1) * (k - 1), lower.tail = FALSE))
}
cochran <- function(m) { long <- data.frame(y = factor(as.vector(m)), w = factor(rep(seq_len(ncol(m)), each = nrow(m))), id = factor(rep(seq_len(nrow(m)), ncol(m))))
  t <- symmetry_test(y ~ w | id, data = long, teststat = "quadratic"); list(call = "coin::symmetry_test(y ~ wave | person, teststat = 'quadratic')", statistic = num(statistic(t)), df = ncol(m) - 1, p = num(pvalue(t))) }
rounding <- matrix(c(5.40,5.50,5.55, 5.85,5.70,5.75, 5.20,5.60,5.50, 5.55,5.50,5.40, 5.90,5.85,5.70, 5.45,5.55,5.60, 5.40,5.40,5.35, 5.45,5.50,5.35, 5.25,5.15,5.00, 5.85,5.80,5.70, 5.25,5.20,5.10, 5.65,5.55,5.45, 5.60,5.35,5.45, 5.05,5.00,4.95, 5.50,5.50,5.40, 5.45,5.55,5.50, 5.55,5.55,5.35, 5.45,5.50,5.55, 5.50,5.45,5.25, 5.65,5.60,5.40, 5.70,5.65,5.55, 6.30,6.30,6.25), ncol = 3, byrow = TRUE)
set.seed(5); likert <- matrix(pmin(5, pmax(1, round(rep(rnorm(15, 3, .8), 4) + rep(c(0, .6, .9, .5), each = 15) + rnorm(60, 0, .7)))), 15)
answers <- (likert >= 4) * 1
cases <- list(
  rounding_times = list(kind = "waves", source = "Hollander & Wolfe, R ?friedman.test", scores = rounding, expected = list(friedman = friedman(rounding), repeated_measures = anova_rm(rounding))),
  likert = list(kind = "waves", source = "simulated 5-point answers of 15 persons in four waves, many ties", scores = likert, expected = list(friedman = friedman(likert), repeated_measures = anova_rm(likert))),
  right_wrong = list(kind = "cochran", source = "the same, 4 and 5 counted as right", answers = answers, expected = cochran(answers)))
cat(toJSON(list(tool = R.version.string, packages = list(coin = as.character(packageVersion("coin"))), cases = cases), digits = NA, auto_unbox = TRUE, pretty = TRUE))
cat("\n")
