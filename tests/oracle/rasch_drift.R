# Writes rasch_drift.json: did items keep their difficulty between two waves? Run: Rscript rasch_drift.R > rasch_drift.json
# Needs Debian: r-base-core r-cran-jsonlite r-cran-survival
# The conditional Rasch likelihood is that of conditional logistic regression with persons as strata.
suppressMessages({library(jsonlite); library(survival)})
loglik <- function(m) {
  k <- ncol(m); long <- data.frame(y = as.vector(t(m)), item = factor(rep(seq_len(k), nrow(m))), id = rep(seq_len(nrow(m)), each = k))
  clogit(y ~ item + strata(id), data = long, method = "exact", control = coxph.control(eps = 1e-13, iter.max = 100, toler.chol = 1e-15))$loglik[2]
}
drift <- function(source, pre, post) {
  counts <- function(m) { t <- as.data.frame(table(apply(m, 1, paste, collapse = ""))); setNames(as.list(t$Freq), as.character(t$Var1)) }
  lr <- 2 * (loglik(pre) + loglik(post) - loglik(rbind(pre, post))); df <- ncol(pre) - 1
  list(kind = "rasch_drift", source = source, pre = counts(pre), post = counts(post), expected = list(call = "survival::clogit, three fits",
    n = nrow(pre) + nrow(post), items = ncol(pre), statistic = lr, df = df, p = pchisq(lr, df, lower.tail = FALSE)))
}
set.seed(8); theta <- rnorm(120, 0, 1.1); b <- seq(-1.5, 1.5, length.out = 8); moved <- b + c(1.4, rep(0, 6), -1.2)
draw <- function(theta, b) matrix(rbinom(length(theta) * length(b), 1, plogis(outer(theta, b, "-"))), length(theta))
cases <- list(steady = drift("120 people gain 0.8 logits, difficulties stay", draw(theta, b), draw(theta + .8, b)),
              moved = drift("two of eight items become harder or easier", draw(theta, b), draw(theta + .8, moved)),
              other_people = drift("other people after, fewer of them", draw(theta, b), draw(rnorm(105, .5), b)))
cat(toJSON(list(tool = R.version.string, packages = list(survival = as.character(packageVersion("survival"))), cases = cases), digits = NA, auto_unbox = TRUE, pretty = TRUE))
cat("\n")
