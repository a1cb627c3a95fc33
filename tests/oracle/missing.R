# Writes missing.json: two waves with answers missing. Run: Rscript missing.R > missing.json
# Needs Debian: r-base-core r-cran-jsonlite r-cran-lme4
suppressMessages({library(jsonlite); library(lme4)})
num <- function(x) as.numeric(x)
available <- function(source, pre, post) {
  long <- na.omit(data.frame(y = c(pre, post), wave = rep(0:1, each = length(pre)), id = factor(rep(seq_along(pre), 2))))
  fit <- lmer(y ~ wave + (1 | id), data = long, control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12), check.conv.singular = "ignore"))
  v <- as.data.frame(VarCorr(fit))$vcov
  list(kind = "all_available", source = source, pre = pre, post = post, expected = list(call = "lmer(y ~ wave + (1 | id)), bobyqa with rhoend = 1e-12",
    change = num(fixef(fit)[2]), standard_error = sqrt(vcov(fit)[2, 2]), between_variance = v[1], residual_variance = v[2], log_likelihood = num(logLik(fit))))
}
pre <- c(12,15,11,14,13,16,10,12,15,14,9,13,NA,NA,17,11); post <- c(16,17,15,18,14,20,13,17,16,18,12,19,15,18,NA,NA)
cases <- list(
  sixteen = available("constructed: 16 persons, two missing on either side", pre, post),
  leavers = available("constructed: a third left", c(20,22,19,25,30,27,24,21,26,23,28,18), c(24,25,23,27,33,29,28,26,NA,NA,NA,NA)),
  unrelated = available("constructed: pre and post hardly related, between variance zero", c(10,12,14,11,13,15,NA), c(15,11,12,16,10,13,14)))
cat(toJSON(list(tool = R.version.string, packages = list(lme4 = as.character(packageVersion("lme4"))), cases = cases), digits = NA, auto_unbox = TRUE, pretty = TRUE, na = "null"))
cat("\n")
