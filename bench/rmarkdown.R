# Renders a Word file per RT in one warm R session and prints the CPU seconds of each, pandoc's included:
#   Rscript bench/rmarkdown.R STUDY_FOLDER FOLDER_FOR_FILES RTS
arguments <- commandArgs(TRUE)
here <- gsub("~+~", " ", sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)), fixed = TRUE)  # so R writes a space
data <- list(pra = read.csv(file.path(arguments[1], "pra.csv")), pasca = read.csv(file.path(arguments[1], "pasca.csv")))
names <- unique(data$pra$rt)[seq_len(as.integer(arguments[3]))]
seconds <- sapply(names, function(rt) {
  begun <- proc.time()
  rmarkdown::render(file.path(dirname(here), "rmarkdown.Rmd"), output_file = paste0(rt, ".docx"), output_dir = arguments[2], intermediates_dir = arguments[2],
    params = list(study = arguments[1], rt = rt), quiet = TRUE, envir = new.env(parent = globalenv()))
  taken <- proc.time() - begun
  sum(taken[c("user.self", "sys.self", "user.child", "sys.child")])
})
cat(seconds, sep = "\n")
