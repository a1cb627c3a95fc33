# Writes ritual.json: the test picked by a normality test. Run: Rscript ritual.R > ritual.json
# Needs Debian: r-base-core r-cran-jsonlite
suppressMessages(library(jsonlite))
num <- function(x) as.numeric(x)
signed_z <- function(pre, post) {                     # as IBM SPSS Statistics Algorithms, NPAR TESTS
  d <- (post - pre)[post != pre]; m <- length(d); r <- rank(abs(d)); t <- table(abs(d))
  (sum(r[d > 0]) - m * (m + 1) / 4) / sqrt(m * (m + 1) * (2 * m + 1) / 24 - sum(t^3 - t) / 48)
}
ranksum_z <- function(pre, post) {
  n1 <- length(pre); n2 <- length(post); n <- n1 + n2; r <- rank(c(pre, post)); t <- table(c(pre, post))
  (sum(r[-(1:n1)]) - n2 * (n + 1) / 2) / sqrt(n1 * n2 / 12 * ((n + 1) - sum(t^3 - t) / (n * (n - 1))))
}
paired <- function(source, pre, post) {
  a <- shapiro.test(pre)$p.value; b <- shapiro.test(post)$p.value; normal <- min(a, b) > .05
  t <- t.test(post, pre, paired = TRUE); z <- signed_z(pre, post)
  list(kind = "ritual_paired", source = source, pre = pre, post = post, expected = list(
    call = if (normal) "shapiro.test twice, t.test(paired = TRUE)" else "shapiro.test twice, Z by formula",
    n = length(pre), p_normal_pre = a, p_normal_post = b, normal = as.integer(normal),
    statistic = if (normal) num(t$statistic) else z, p = if (normal) t$p.value else 2 * pnorm(-abs(z))))
}
apart <- function(source, pre, post) {
  a <- shapiro.test(pre)$p.value; b <- shapiro.test(post)$p.value; normal <- min(a, b) > .05
  g <- factor(rep(1:2, c(length(pre), length(post)))); x <- c(pre, post)
  levene <- anova(lm(abs(x - ave(x, g)) ~ g))[["Pr(>F)"]][1]; equal <- levene > .05
  t <- t.test(post, pre, var.equal = equal); z <- ranksum_z(pre, post)
  list(kind = "ritual_apart", source = source, pre = pre, post = post, expected = list(
    call = "shapiro.test twice, anova(lm(abs(x - ave(x, g)) ~ g)), t.test(var.equal =) or Z by formula",
    n_pre = length(pre), n_post = length(post), p_normal_pre = a, p_normal_post = b, normal = as.integer(normal), p_levene = levene,
    equal_spread = as.integer(equal), statistic = if (normal) num(t$statistic) else z, p = if (normal) t$p.value else 2 * pnorm(-abs(z))))
}
cases <- list()
s <- split(sleep$extra, sleep$group)
cases$chosen_sleep <- paired("R datasets::sleep", s[["1"]], s[["2"]])
set.seed(8); pre <- round(rnorm(20, 50, 8)); post <- round(pre + rnorm(20, 4, 5))
cases$chosen_whole_numbers <- paired("simulated whole numbers, 20 persons", pre, post)
ceiling <- pmin(100, c(60, 80, 80, 100, 100, 100, 90, 70, 100, 100, 100, 80)); later <- pmin(100, c(80, 100, 80, 100, 100, 90, 100, 100, 100, 100, 100, 100))
cases$chosen_ceiling <- paired("constructed: most at the maximum", ceiling, later)
cases$chosen_sleep_apart <- apart("R datasets::sleep as two groups", s[["1"]], s[["2"]])
cases$chosen_unequal <- apart("simulated, spread differs", round(rnorm(18, 50, 3), 1), round(rnorm(22, 54, 14), 1))
cases$chosen_ceiling_apart <- apart("constructed: most at the maximum", ceiling, c(later, 100, 70, 100))
cat(toJSON(list(tool = R.version.string, cases = cases), digits = NA, auto_unbox = TRUE, pretty = FALSE))
cat("\n")
