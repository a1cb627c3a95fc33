// Search and order for the pages that lead to the reports. Without this script the pages show all their rows as they are.
(() => {
  "use strict";
  const STEP = 200;
  const RANKS = ["failed", "stale", "gone", "waiting", "done"];
  const byId = id => document.getElementById(id);
  const table = document.querySelector("table");
  const body = table.tBodies[0];
  const find = byId("find"), query = byId("query"), found = byId("found"), more = byId("more"), failed = byId("failed"), parts = byId("parts");
  const collator = new Intl.Collator(document.documentElement.lang, {numeric: true, sensitivity: "base"});
  const plain = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const pairsOf = text => text === "" ? null : Number(text);

  const element = (name, text, properties) => Object.assign(document.createElement(name), {textContent: text}, properties);
  const address = (...parts) => parts.map(encodeURIComponent).join("/");

  // A row that stands on this page already.
  const standing = row => {
    const [status, pairs, verdict] = row.querySelectorAll("td");
    const words = status.querySelector(".status").textContent;
    return {row: () => row, pinned: row.hasAttribute("data-pinned"), name: row.cells[0].textContent, kind: row.className, words,
            pairs: pairsOf(pairs.textContent), verdict: verdict.innerText.replace(/\s*\n\s*/g, "\n")};
  };

  // A row of another page, from the list of all.
  const listed = data => ([name, folder, status, pairs, verdict, files, page]) => ({
    name, pairs, kind: data.kinds[status], words: data.words[status], verdict: data.verdicts[verdict], pinned: false,
    row() {
      const row = element("tr", "", {className: this.kind});
      const state = element("td", "");
      state.append(element("span", this.words, {className: "status"}));
      if (this.kind === "failed") state.append(" ", element("a", data.why, {href: address(page)}));
      const verdicts = element("td", "");
      this.verdict.split("\n").forEach((line, place) => verdicts.append(...(place ? [element("br", "")] : []), line));
      const links = element("td", "", {className: "files"});
      data.files[files].forEach((file, place) => links.append(place ? " · " : "", element("a", file, {href: address(folder, file)})));
      const count = element("td", pairs === null ? "" : String(pairs), {className: "number"});
      count.dataset.label = data.pairs;
      row.append(element("th", name, {scope: "row"}), state, count, verdicts, links);
      return row;
    }});

  const own = [...body.rows].map(standing);
  const list = byId("rts");
  const data = list && JSON.parse(list.textContent);
  const all = data ? data.rows.map(row => listed(data)(row)) : own.filter(record => !record.pinned);
  const pinned = own.filter(record => record.pinned);
  let column = -1, down = false, most = STEP;

  // The order of names is found once; other columns fall back on it.
  let named = false;
  const orderNames = () => {
    if (named) return;
    [...all].sort((a, b) => collator.compare(a.name, b.name)).forEach((record, place) => { record.place = place; });
    named = true;
  };
  const BY = {
    name: (a, b) => a.place - b.place,
    status: (a, b) => RANKS.indexOf(a.kind) - RANKS.indexOf(b.kind),
    pairs: (a, b) => a.pairs - b.pairs,
    verdict: (a, b) => collator.compare(a.verdict, b.verdict)};
  const EMPTY = {pairs: record => record.pairs === null, verdict: record => record.verdict === ""};

  // Letters are found anywhere; a number only where a number begins with it: 5 finds RT 05 and RT 51, not RT 15.
  const number = text => text.replace(/^0+(?=\d)/, "");
  const finds = words => record => {
    if (record.text === undefined) {
      record.text = plain([record.name, record.words, record.verdict].join("\n"));
      record.numbers = (record.text.match(/\d+/g) || []).map(number);
    }
    return words.every(word => /^\d/.test(word) ? record.numbers.some(one => one.startsWith(number(word))) : record.text.includes(word));
  };

  const draw = () => {
    const words = plain(query.value).match(/\d+|[^\s\d]+/g) || [];
    if (parts) parts.hidden = words.length > 0;
    if (!words.length && column < 0) {
      body.replaceChildren(...own.map(record => record.row()));
      found.textContent = "";
      more.hidden = true;
      if (failed) failed.hidden = false;
      return;
    }
    const matching = finds(words);
    const shown = words.length ? all.filter(matching) : [...all];
    if (column >= 0) {
      orderNames();
      const key = heads[column].dataset.sort, compare = BY[key], empty = EMPTY[key] || (() => false);
      shown.sort((a, b) => (empty(a) - empty(b)) || (empty(a) ? 0 : (down ? -1 : 1) * compare(a, b)) || a.place - b.place);
    }
    const first = data ? shown.slice(0, most) : shown;
    body.replaceChildren(...pinned.filter(words.length ? matching : () => true).map(record => record.row()), ...first.map(record => record.row()));
    const whole = first.length === shown.length;
    const say = !words.length ? (whole ? "" : found.dataset.all) : !shown.length ? found.dataset.none : whole ? found.dataset.found : found.dataset.some;
    const write = count => count.toLocaleString(document.documentElement.lang);
    found.textContent = say.replace("{shown}", () => write(first.length)).replace("{count}", () => write(shown.length)).replace("{all}", () => write(all.length));
    more.hidden = whole;
    if (failed) failed.hidden = true;
  };

  const heads = [...table.tHead.querySelectorAll("th[data-sort]")];
  heads.forEach((head, place) => {
    const button = element("button", head.textContent, {type: "button"});
    button.addEventListener("click", () => {
      if (column !== place) [column, down] = [place, false];
      else if (!down) down = true;
      else column = -1;
      heads.forEach((other, at) => at === column ? other.setAttribute("aria-sort", down ? "descending" : "ascending") : other.removeAttribute("aria-sort"));
      most = STEP;
      draw();
    });
    head.replaceChildren(button);
  });
  query.addEventListener("input", () => { most = STEP; draw(); });
  more.addEventListener("click", () => { most += STEP; draw(); });
  find.hidden = all.length <= 10;
  if (query.value) draw();
})();
