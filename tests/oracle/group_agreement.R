# Writes group_agreement.json: agreement of people within groups. Run: Rscript group_agreement.R > group_agreement.json
# Needs Debian: r-base-core r-cran-jsonlite r-cran-psych r-cran-nlme
suppressMessages({library(jsonlite); library(psych); library(nlme)})
num <- function(x) as.numeric(x)
by_anova <- function(source, y, g) {
  a <- anova(lm(y ~ factor(g))); n <- num(table(g)); k <- length(n); N <- sum(n)
  m <- (N - sum(n^2) / N) / (k - 1); B <- a$`Mean Sq`[1]; W <- a$`Mean Sq`[2]; f <- a$`F value`[1]
  fl <- f / qf(.975, k - 1, N - k); fu <- f * qf(.975, N - k, k - 1)
  list(kind = "icc", source = source, values = y, groups = g, expected = list(call = "anova(lm(y ~ g)); limits by formula", group_size = m,
    icc1 = (B - W) / (B + (m - 1) * W), icc2 = (B - W) / B, statistic = f, df_between = k - 1, df_within = N - k, p = a$`Pr(>F)`[1],
    low = (fl - 1) / (fl + m - 1), high = (fu - 1) / (fu + m - 1)))
}
sf <- matrix(c(9,2,5,8, 6,1,3,2, 8,4,6,8, 7,1,2,6, 10,5,6,9, 6,2,4,7), ncol = 4, byrow = TRUE)
r <- suppressMessages(ICC(sf, lmer = FALSE))$results
published <- list(kind = "icc", source = "Shrout & Fleiss (1979), table 2", values = num(t(sf)), groups = rep(1:6, each = 4), expected = list(
  call = "psych::ICC(x, lmer = FALSE), ICC1 and ICC1k", icc1 = r["Single_raters_absolute", "ICC"], low = r["Single_raters_absolute", "lower bound"],
  high = r["Single_raters_absolute", "upper bound"], icc2 = r["Average_raters_absolute", "ICC"], statistic = r["Single_raters_absolute", "F"], p = r["Single_raters_absolute", "p"]))
set.seed(4); g <- rep(1:5, c(9, 14, 6, 21, 11)); y <- pmin(5, pmax(1, round(3 + rep(c(-.6, .1, .9, 0, .4), c(9, 14, 6, 21, 11)) + rnorm(61))))
alike <- pmin(5, pmax(1, round(3 + rnorm(61))))
fit <- lme(y ~ 1, random = ~ 1 | g, data = data.frame(y = num(t(sf)), g = factor(rep(1:6, each = 4))), method = "REML"); v <- num(VarCorr(fit)[, 1])
mixed <- list(kind = "icc", source = "Shrout & Fleiss (1979), as a mixed model", values = num(t(sf)), groups = rep(1:6, each = 4),
              expected = list(call = "nlme::lme(y ~ 1, random = ~ 1 | g)", icc1 = v[1] / sum(v), df_between = 5, df_within = 18))
expected_variance <- function(options) mean((options - mean(options))^2)
r_wg <- function(y, g, options) pmax(0, 1 - num(tapply(y, g, var)) / expected_variance(options))
rwg <- function(source, y, g, options, fewest = 2) {
  keep <- g %in% names(which(table(g) >= fewest)); w <- r_wg(y[keep], g[keep], options)
  list(kind = "r_wg", source = source, values = y, groups = g, lowest_option = min(options), highest_option = max(options), options = length(options), fewest = fewest,
       expected = list(call = "tapply(y, g, var) against the variance of the options", n = sum(keep), k = length(w), r_wg = median(w), lowest = min(w)))
}
cases <- list(shrout_fleiss = published, mixed_model = mixed, unequal = by_anova("61 simulated answers in five unequal groups", y, g),
              alike = by_anova("the same groups without differences", alike, g), agreement = rwg("as unequal", y, g, 1:5), agreement_large = rwg("as unequal, from 10 people", y, g, 1:5, 10),
              four_options = rwg("four options", pmin(4, y), g, 1:4))
cat(toJSON(list(tool = R.version.string, packages = lapply(c(psych = "psych", nlme = "nlme"), function(p) as.character(packageVersion(p))), cases = cases), digits = NA, auto_unbox = TRUE, pretty = TRUE))
cat("\n")
