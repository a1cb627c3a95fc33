# Writes rasch.json: the Rasch model. Run: Rscript rasch.R > rasch.json
# Needs Debian: r-base-core r-cran-jsonlite r-cran-survival r-cran-psych
# Difficulties and errors from conditional logistic regression, whose exact likelihood with persons as strata is the
# conditional Rasch likelihood; person measures and fit from their formulas.
suppressMessages({library(jsonlite); library(survival); library(psych)})
num <- function(x) as.numeric(x)
rasch <- function(source, m) {
  k <- ncol(m); long <- data.frame(y = as.vector(t(m)), item = factor(rep(seq_len(k), nrow(m))), id = rep(seq_len(nrow(m)), each = k))
  fit <- clogit(y ~ item + strata(id), data = long, method = "exact", control = coxph.control(eps = 1e-13, iter.max = 100, toler.chol = 1e-15))
  b <- -c(0, num(coef(fit))); C <- diag(k) - 1 / k; V <- matrix(0, k, k); V[-1, -1] <- vcov(fit); b <- num(C %*% b)
  wle <- function(r) uniroot(function(th) { p <- plogis(th - b); v <- p * (1 - p); r - sum(p) + sum(v * (1 - 2 * p)) / (2 * sum(v)) }, c(-15, 15), tol = 1e-14)$root
  th <- sapply(0:k, wle); se <- sapply(th, function(t) 1 / sqrt(sum(dlogis(t - b))))
  r <- rowSums(m); inside <- r > 0 & r < k; x <- m[inside, ]; p <- plogis(outer(th[r[inside] + 1], b, "-")); v <- p * (1 - p)
  pat <- as.data.frame(table(apply(m, 1, paste, collapse = "")))
  list(kind = "rasch", source = source, pattern_counts = setNames(as.list(pat$Freq), as.character(pat$Var1)), expected = list(
    call = "survival::clogit(y ~ item + strata(person), method = 'exact'); Warm and mean squares by formula", difficulty = b, standard_error = sqrt(diag(C %*% V %*% C)),
    log_likelihood = fit$loglik[2], measure = th, measure_error = se, infit = num(colSums((x - p)^2) / colSums(v)), outfit = num(colMeans((x - p)^2 / v))))
}
set.seed(21); theta <- rnorm(140, .3, 1.1); b <- seq(-1.6, 1.8, length.out = 9)
sim <- matrix(rbinom(140 * 9, 1, plogis(outer(theta, b, "-"))), 140)
cases <- list(lsat6 = rasch("psych::lsat6, 1000 x 5", as.matrix(psych::lsat6)), simulated = rasch("simulated, 140 x 9", sim))
cat(toJSON(list(tool = R.version.string, packages = lapply(c(survival = "survival", psych = "psych"), function(p) as.character(packageVersion(p))), cases = cases), digits = NA, auto_unbox = TRUE, pretty = TRUE))
cat("\n")
