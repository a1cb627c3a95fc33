# Writes items.json: single items, square tables, expert ratings. Run: Rscript items.R > items.json
# Needs Debian: r-base-core r-cran-jsonlite r-cran-coin r-cran-psych
suppressMessages({library(jsonlite); library(coin); library(psych)})
num <- function(x) as.numeric(x)
square <- function(source, table, scores = seq_len(nrow(table))) {
  tb <- as.table(table); dimnames(tb) <- list(pre = seq_len(nrow(table)), post = seq_len(nrow(table)))
  used <- which(rowSums(table) + colSums(table) - 2 * diag(table) > 0)
  moved <- table[used, used]; there <- moved + t(moved); up <- upper.tri(moved) & there > 0
  bow <- sum(((moved - t(moved))^2 / there)[up]); plain <- mcnemar.test(table)
  mh <- mh_test(as.table(`dimnames<-`(moved, list(pre = used, post = used)))); ordered <- mh_test(tb, scores = list(response = scores))
  list(kind = "square_table", source = source, table = table, scores = scores, expected = list(
    call = "coin::mh_test without and with scores; mcnemar.test where every pair of answers has moves",
    stuart_maxwell = list(statistic = num(statistic(mh)), df = length(used) - 1, p = num(pvalue(mh))),
    bowker = list(statistic = bow, df = sum(up), p = pchisq(bow, sum(up), lower.tail = FALSE), mcnemar_test = if (is.nan(plain$statistic)) NULL else num(plain$statistic)),
    ordered = list(z = -num(statistic(ordered, "standardized")), p = num(pvalue(ordered)))))
}
right_wrong <- function(source, pre, post) {
  b <- sum(pre == 0 & post == 1); c <- sum(pre == 1 & post == 0); m <- b + c; n <- length(pre)
  exact <- binom.test(min(b, c), m)$p.value; mid <- if (b == c) 1 else exact - dbinom(min(b, c), m, .5)
  p <- (b + 1) / (n + 2); q <- (c + 1) / (n + 2); half <- qnorm(.975) * sqrt((p + q - (p - q)^2) / (n + 2))
  list(kind = "right_wrong", source = source, pre = pre, post = post, expected = list(call = "binom.test; Bonett & Price 2012 by hand",
    gained = b, lost = c, p_exact = exact, p_mid = mid, change = mean(post) - mean(pre), low = max(-1, p - q - half), high = min(1, p - q + half)))
}
aiken <- function(source, ratings, lowest, highest) {
  n <- length(ratings); k <- highest - lowest; v <- (mean(ratings) - lowest) / k; z <- qnorm(.975); a <- z * sqrt(4 * n * k * v * (1 - v) + z^2)
  w <- prop.test(v * n * k, n * k, correct = FALSE)$conf.int     # the score interval is Wilson's for n k trials
  stopifnot(abs(w - (2 * n * k * v + z^2 + c(-1, 1) * a) / (2 * (n * k + z^2))) < 1e-12)
  list(kind = "aiken", source = source, ratings = ratings, lowest = lowest, highest = highest, expected = list(call = "prop.test(V n K, n K, correct = FALSE)", v = v, low = w[1], high = w[2]))
}
cases <- list()
cases$square_3x3 <- square("constructed 3x3 with one empty cell, rows pre", matrix(c(20,3,0,10,30,5,5,15,40), 3))
cases$square_5x5 <- square("constructed Likert item of 40 persons, one answer never used", matrix(c(0,0,0,0,0, 0,3,1,0,0, 0,5,6,2,0, 0,1,7,5,1, 0,0,2,4,3), 5))
cases$square_scores <- square("as the first, with scores 1, 2, 5", matrix(c(20,3,0,10,30,5,5,15,40), 3), c(1, 2, 5))
cases$gained_more <- right_wrong("constructed, 20 persons", c(0,0,0,0,0,0,0,0,0,1,1,1,1,1,1,0,0,0,1,1), c(1,1,1,1,1,1,1,1,1,1,1,1,0,1,1,0,0,1,0,1))
cases$equal <- right_wrong("constructed, as many gained as lost", c(0,0,1,1,1,0), c(1,1,0,0,1,0))
cases$all_gained <- right_wrong("constructed, ten persons who all gained", rep(0, 10), rep(1, 10))
lsat <- as.matrix(psych::lsat6); total <- rowSums(lsat)
cases$item_rest <- list(kind = "item_quality", source = "psych::lsat6", pattern_counts = {tb <- as.data.frame(table(apply(lsat, 1, paste, collapse = ""))); setNames(as.list(tb$Freq), as.character(tb$Var1))},
  expected = list(call = "colMeans; psych::alpha()$item.stats$r.drop", difficulty = num(colMeans(lsat)), item_rest = num(suppressWarnings(psych::alpha(lsat))$item.stats$r.drop)))
distinct <- rbind(diag(0, 1, 11), lower.tri(matrix(0, 11, 11)) * 1)[, 1:10]     # totals 0, 0..10: no ties inside the groups
best <- order(-rowSums(distinct))[1:3]; worst <- order(rowSums(distinct))[1:3]
cases$discrimination <- list(kind = "item_quality", source = "constructed Guttman pattern, 12 persons, upper and lower 27 % are 3 persons", answers = distinct,
  expected = list(call = "colMeans of the three best minus the three weakest", difficulty = num(colMeans(distinct)), discrimination = num(colMeans(distinct[best, ]) - colMeans(distinct[worst, ]))))
cases$aiken_1 <- aiken("constructed, five experts on 1-5", c(4,5,5,4,5), 1, 5)
cases$aiken_2 <- aiken("constructed, seven experts on 1-4, full agreement", rep(4, 7), 1, 4)
cases$i_cvi <- list(kind = "i_cvi", source = "printed tables: experts, agreeing, I-CVI, kappa; BMC Health Services Research 2017 doi 10.1186/s12913-017-2469-8 table 10, BMC Research Notes 2016 doi 10.1186/s13104-016-2249-2 table 4",
  rows = rbind(c(10,10,1.00,1.00), c(10,9,.90,.90), c(10,8,.80,.79), c(10,7,.70,.66), c(9,8,.89,.89), c(9,7,.78,.76), c(9,6,.67,.60), c(7,6,.86,.85)))
cat(toJSON(list(tool = R.version.string, packages = lapply(c(coin = "coin", psych = "psych"), function(p) as.character(packageVersion(p))), cases = cases), digits = NA, auto_unbox = TRUE, pretty = TRUE, null = "null"))
cat("\n")
