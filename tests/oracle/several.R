# Writes several.json: several RTs. Run: Rscript several.R > several.json
# Needs Debian: r-base-core r-cran-jsonlite r-cran-metafor r-cran-lme4
# metafor's default tolerance for Paule-Mandel (1.2e-4) leaves tau2 wrong in the fifth digit, so it is tightened here.
suppressMessages({library(jsonlite); library(metafor); library(lme4)})
num <- function(x) as.numeric(x)
meta <- function(source, yi, vi) {
  fit <- rma(yi, vi, method = "PM", test = "knha", control = list(tol = 1e-15, maxiter = 100000))
  pr <- predict(fit); bl <- blup(fit); tt <- t.test(yi)
  list(kind = "meta", source = source, yi = num(yi), vi = num(vi), expected = list(
    call = "rma(yi, vi, method = 'PM', test = 'knha', control = list(tol = 1e-15)); predict; blup; t.test(yi)",
    k = fit$k, estimate = num(fit$beta), low = fit$ci.lb, high = fit$ci.ub, p = fit$pval, df = fit$k - 1, tau2 = fit$tau2, i2 = fit$I2, q = fit$QE,
    prediction_low = pr$pi.lb, prediction_high = pr$pi.ub, shrunken = list(estimate = bl$pred, low = bl$pi.lb, high = bl$pi.ub),
    t_test = list(mean = num(tt$estimate), sd = sd(yi), low = tt$conf.int[1], high = tt$conf.int[2], statistic = num(tt$statistic), df = num(tt$parameter), p = tt$p.value)))
}
mixed <- function(source, change, rt) {
  fit <- lmer(change ~ 1 + (1 | rt), control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12), check.conv.singular = "ignore"))
  v <- as.data.frame(VarCorr(fit))$vcov
  list(kind = "rt_mixed_model", source = source, change = change, rt = rt, expected = list(
    call = "lmer(change ~ 1 + (1 | rt)), bobyqa with rhoend = 1e-12", estimate = num(fixef(fit)), standard_error = sqrt(vcov(fit)[1, 1]), between_variance = v[1], residual_variance = v[2]))
}
cases <- list()
dat <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
cases$bcg <- meta("metafor dat.bcg, log risk ratios", dat$yi, dat$vi)
cases$homogeneous <- meta("constructed: less spread than chance, tau2 = 0", c(2.0, 2.4, 1.7, 2.2, 1.9), c(.5, .4, .6, .3, .5))
cases$three <- meta("constructed: three RTs", c(1.2, 4.0, 2.5), c(.30, .45, .25))
cases$dyestuff <- mixed("lme4::Dyestuff, yield by batch", Dyestuff$Yield, as.character(Dyestuff$Batch))
cases$no_between_variance <- mixed("lme4::Dyestuff2, the between variance is estimated as zero", Dyestuff2$Yield, as.character(Dyestuff2$Batch))
set.seed(11); sizes <- c(3, 8, 12, 5, 20, 9, 1); rt <- rep(paste0("RT", sprintf("%02d", 1:7)), sizes)
cases$unbalanced <- mixed("simulated whole-number changes in seven RTs of 1 to 20 persons", round(rep(rnorm(7, 3, 2), sizes) + rnorm(sum(sizes), 0, 3)), rt)
cat(toJSON(list(tool = R.version.string, packages = lapply(c(metafor = "metafor", lme4 = "lme4"), function(p) as.character(packageVersion(p))), cases = cases), digits = NA, auto_unbox = TRUE, pretty = TRUE))
cat("\n")
