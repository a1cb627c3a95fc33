# Writes ordinal.json: a single ordered answer against a dose. Run: Rscript ordinal.R > ordinal.json
# Needs Debian: r-base-core r-cran-jsonlite r-cran-mass
suppressMessages({library(jsonlite); library(MASS)})
num <- function(x) as.numeric(x)
fit <- function(formula, data) {
  m <- polr(formula, data, Hess = TRUE, control = list(reltol = 1e-16, maxit = 2000))
  m <- update(m, start = c(coef(m), m$zeta))          # once more from its own end
  b <- num(coef(m)["dose"]); se <- sqrt(vcov(m)["dose", "dose"]); half <- qnorm(.975) * se
  list(call = paste("MASS::polr(", deparse(formula), ", Hess = TRUE)"), n = nrow(data), levels = nlevels(data$post), slope = b, standard_error = se,
       odds_ratio = exp(b), low = exp(b - half), high = exp(b + half), statistic = b / se, p = 2 * pnorm(-abs(b / se)))
}
one <- function(source, pre, dose, post, rt = NULL, formula = post ~ pre + dose) {
  data <- data.frame(post = factor(post), pre = pre, dose = dose)
  if (!is.null(rt)) { data$pre_rt <- ave(pre, rt); data$dose_rt <- ave(dose, rt) }
  out <- list(kind = "ordinal_dose", source = source, pre = pre, dose = dose, post = post, expected = fit(formula, data))
  if (!is.null(rt)) out$rt <- rt
  out
}
made <- function(n, seed, rts = 0) {
  set.seed(seed)
  rt <- if (rts) rep(seq_len(rts), length.out = n) else NULL
  level <- if (rts) rnorm(rts)[rt] else 0
  pre <- sample(1:5, n, TRUE, c(2, 4, 5, 3, 1)); dose <- rpois(n, 1.5 + if (rts) .5 * (rt %% 3) else 0)
  post <- as.integer(cut(.8 * pre + .4 * dose + level + rlogis(n), c(-Inf, 1, 2.2, 3.4, 4.8, Inf)))
  list(pre = pre, dose = dose, post = post, rt = if (rts) paste("RT", rt) else NULL)
}
cases <- list()
a <- made(80, 1); cases$likert <- one("simulated 5-point answers, 80 persons", a$pre, a$dose, a$post)
b <- made(90, 2); cases$three_answers <- one("simulated answers in three levels", b$pre, b$dose, pmin(3, pmax(1, b$post - 1)))
c <- made(120, 3); cases$two_answers <- one("simulated answers in two levels: glm(binomial)", c$pre, c$dose, c$post)
d2 <- data.frame(y = as.integer(c$post > 3), pre = c$pre, dose = c$dose); g <- glm(y ~ pre + dose, binomial, d2, epsilon = 1e-14)
gb <- num(coef(g)["dose"]); gs <- sqrt(vcov(g)["dose", "dose"]); half <- qnorm(.975) * gs
cases$two_answers <- list(kind = "ordinal_dose", source = "the same 120 persons, answers above 3 or not", pre = c$pre, dose = c$dose, post = d2$y, expected = list(
  call = "glm(y ~ pre + dose, binomial)", n = 120, levels = 2, slope = gb, standard_error = gs, odds_ratio = exp(gb), low = exp(gb - half), high = exp(gb + half), statistic = gb / gs, p = 2 * pnorm(-abs(gb / gs))))
e <- made(150, 4, 5); cases$within_five_rts <- one("simulated, 150 persons in five RTs", e$pre, e$dose, e$post, e$rt, post ~ pre + dose + pre_rt + dose_rt)
f <- made(100, 5, 2); cases$within_two_rts <- one("simulated, 100 persons in two RTs: one mean is enough", f$pre, f$dose, f$post, f$rt, post ~ pre + dose + dose_rt)
cases$housing <- with(MASS::housing[rep(seq_len(nrow(MASS::housing)), MASS::housing$Freq), ], one(
  "MASS::housing, satisfaction (Sat) by contact and influence", as.integer(Infl), as.integer(Cont), as.integer(Sat)))
cat(toJSON(list(tool = R.version.string, packages = list(MASS = as.character(packageVersion("MASS"))), cases = cases), digits = NA, auto_unbox = TRUE))
cat("\n")
