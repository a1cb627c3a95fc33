# Writes planning.json: expected values for sample sizes and power. Run: Rscript planning.R > planning.json
# Needs Debian: r-base-core r-cran-jsonlite r-cran-pwr
suppressMessages({library(jsonlite); library(pwr)})
cases <- list()
add <- function(.case, kind, call, ...) cases[[.case]] <<- list(kind = kind, call = call, ...)
tight <- .Machine$double.eps^0.6

for (n in c(5, 10, 34, 60, 199)) for (d in c(.2, .5, .8, 1.3)) {
  strict <- power.t.test(n = n, delta = d, sd = 1, type = "paired", strict = TRUE, sig.level = .05)$power
  stopifnot(abs(strict - pwr.t.test(n = n, d = d, type = "paired")$power) < 1e-12)
  add(sprintf("paired_%d_%.1f", n, d), "paired_power", "power.t.test(type = 'paired', strict = TRUE), pwr.t.test", pairs = n, effect = d, alpha = .05, expected = strict)
}
for (d in c(.15, .2, .3, .5, .8, 1.2)) for (p in c(.8, .9)) for (a in c(.05, .01)) {
  exact <- power.t.test(delta = d, sd = 1, power = p, sig.level = a, type = "paired", strict = TRUE, tol = tight)$n
  add(sprintf("paired_sample_%.2f_%.1f_%.2f", d, p, a), "paired_sample", "ceiling(power.t.test(type = 'paired', strict = TRUE)$n)", effect = d, power = p, alpha = a, expected = ceiling(exact))
}
for (n in c(10, 20, 30, 60)) for (p in c(.8, .9)) add(sprintf("smallest_%d_%.1f", n, p), "smallest_effect", "power.t.test(type = 'paired', strict = TRUE)$delta",
  pairs = n, power = p, expected = power.t.test(n = n, power = p, type = "paired", strict = TRUE, tol = tight)$delta)

for (pair in list(c(20, 20), c(64, 64), c(30, 15), c(96, 48))) for (d in c(.3, .5, .9)) add(sprintf("groups_%d_%d_%.1f", pair[1], pair[2], d), "groups_power",
  "pwr.t2n.test", programme = pair[1], comparison = pair[2], effect = d, expected = pwr.t2n.test(n1 = pair[1], n2 = pair[2], d = d)$power)
for (d in c(.3, .5, .8)) for (p in c(.8, .9)) add(sprintf("groups_sample_%.1f_%.1f", d, p), "groups_sample", "ceiling(power.t.test(strict = TRUE)$n)", effect = d, power = p,
  expected = ceiling(power.t.test(delta = d, sd = 1, power = p, strict = TRUE, tol = tight)$n))

for (n in c(10, 30, 64)) for (p in c(.8, .9)) add(sprintf("difference_%d_%.1f", n, p), "smallest_difference", "power.t.test(strict = TRUE)$delta",
  people = n, power = p, expected = power.t.test(n = n, power = p, strict = TRUE, tol = tight)$delta)

# whole RTs: the test on their means, by power.t.test on an effect in SDs of an RT's mean
for (k in c(3, 6, 12)) for (m in c(10, 25)) for (icc in c(0, .02, .1)) {
  spread <- sqrt((1 + (m - 1)*icc)/m)
  add(sprintf("rts_%d_%d_%.2f", k, m, icc), "rts_power", "power.t.test on RT means, one sample and two samples, strict = TRUE", rts = k, people = m, icc = icc, effect = .4,
      expected = list(one = power.t.test(n = k, delta = .4, sd = spread, type = "one.sample", strict = TRUE)$power,
                      two = power.t.test(n = k, delta = .4, sd = spread, type = "two.sample", strict = TRUE)$power))
}
for (m in c(10, 25)) for (icc in c(.01, .05)) for (arms in 1:2) {
  spread <- sqrt((1 + (m - 1)*icc)/m); type <- c("one.sample", "two.sample")[arms]
  enough <- function(sd) { k <- 2; while (power.t.test(n = k, delta = .5, sd = sd, type = type, strict = TRUE)$power < .8) k <- k + 1; k }
  add(sprintf("rts_sample_%d_%.2f_%d", m, icc, arms), "rts_sample", "power.t.test on RT means, counted up", people = m, icc = icc, arms = arms, effect = .5,
      expected = list(rts = enough(spread), least_rts = enough(sqrt(icc))))
}
cat(toJSON(list(tool = R.version.string, packages = list(pwr = as.character(packageVersion("pwr"))), cases = cases), digits = NA, auto_unbox = TRUE, pretty = TRUE))
