/* The list and the sheets of a page of perfeval. Texts reach the document as text nodes only. */
const config = JSON.parse(document.getElementById("config").textContent);
const words = config.words;
const DASH = "—";

/* Rows come as columns (see packing.py): `column(rows, key)(i)` is what stands in row i. */
function column(rows, key) {
  const values = rows[key];
  if (values === undefined) return () => null;
  if (Array.isArray(values)) return (i) => values[i];
  return (i) => (values.at[i] === null ? null : values.of[values.at[i]]);
}
const length = (rows) => {
  const values = Object.values(rows)[0];
  return values === undefined ? 0 : Array.isArray(values) ? values.length : values.at.length;
};

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const asNode = (shown) =>
  typeof shown === "object" ? shown : document.createTextNode(shown);

const points = (cents) => (cents === null ? DASH : (cents / 100).toFixed(2));
const signed = (cents) => (cents > 0 ? "+" : cents < 0 ? "−" : "") + points(Math.abs(cents));
const amount = (value, places, least = 0) =>
  value === null ? DASH : value.toLocaleString("en-US",
    { maximumFractionDigits: places, minimumFractionDigits: least });
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const hash = (code) => "#" + encodeURIComponent(code);

/* The place of each row's text among all texts, so that sorting compares numbers: collating while
   sorting takes seconds at ten thousand rows. */
const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
function ranked(value, rows) {
  let ranks = null;
  return (i) => {
    if (!ranks) {
      const texts = [...new Set(Array.from({ length: length(rows) }, (_, n) => value(n) ?? ""))];
      ranks = new Map(texts.sort(collator.compare).map((text, n) => [text, n]));
    }
    return ranks.get(value(i) ?? "");
  };
}

/* How a column shows row i of `rows`: `show` a node or a text, `value` what it holds (null where it
   is empty), `order` the number it is sorted by, where that is another. */
const KINDS = {
  text: (c, rows) => {
    const value = column(rows, c.key);
    return { value, show: (i) => value(i) ?? "" };
  },
  name: (c, rows) => {
    const value = column(rows, c.key), code = column(rows, c.code);
    const show = (i) => {
      const own = document.createDocumentFragment();
      if (!code(i)) return value(i) ?? DASH;
      const known = position.has(code(i));
      own.append(known ? element("a", { href: hash(code(i)) }, value(i) || code(i)) : value(i) ?? "",
                 element("span", { class: "small" }, code(i)));
      return own;
    };
    return { value, show, head: true };
  },
  indicator: (c, rows) => {
    const value = column(rows, c.key), level = column(rows, c.level);
    const show = (i) => {
      const own = document.createDocumentFragment();
      own.append(value(i) || DASH, element("span", { class: "small" }, level(i)));
      return own;
    };
    return { value, show, head: true };
  },
  right: (c, rows) => {
    const value = column(rows, c.key);
    return { value, show: (i) => value(i) ?? DASH, right: true };
  },
  number: (c, rows) => {
    const value = column(rows, c.key);
    return { value, show: (i) => amount(value(i), c.places, c.least), right: true, numeric: true };
  },
  points: (c, rows) => {
    const value = column(rows, c.key);
    return { value, show: (i) => points(value(i)), right: true, numeric: true };
  },
  range: (c, rows) => {
    const value = column(rows, c.key), high = column(rows, c.high);
    const show = (i) =>
      value(i) === high(i) ? points(value(i)) : points(value(i)) + "–" + points(high(i));
    return { value, show, right: true, numeric: true };
  },
  change: (c, rows) => {
    const value = column(rows, c.key);
    const show = (i) => {
      const own = value(i);
      if (own === null) return DASH;
      if (own === 0) return points(0);
      return element("span", { class: own > 0 ? "above" : "below" }, signed(own));
    };
    return { value, show, right: true, numeric: true };
  },
  grades: (c, rows) => {
    const value = column(rows, c.key), after = column(rows, c.after);
    const show = (i) => {
      const before = value(i) ?? DASH, now = after(i) ?? DASH;
      return before === now ? now : element("span", { class: "moved" }, before + " → " + now);
    };
    const place = (grade) => (grade ? config.grades.indexOf(grade) + 1 : 0);
    return { value: (i) => after(i) ?? value(i), order: (i) => -100 * place(after(i)) - place(value(i)),
             show };
  },
  place: (c, rows) => {
    const value = column(rows, c.key);
    return { value, show: (i) => element("span", { class: "place" }, value(i) ?? "") };
  },
  message: (c, rows) => {
    const value = column(rows, c.key), code = column(rows, c.code);
    const show = (i) => {
      const own = document.createDocumentFragment();
      own.append(value(i), element("span", { class: "small" }, config.rules[code(i)]?.repair ?? ""));
      return own;
    };
    return { value, show };
  },
  rule: (c, rows) => {
    const value = column(rows, c.key);
    const show = (i) => {
      const own = document.createDocumentFragment();
      own.append(element("span", { class: "code" }, value(i)),
                 element("span", { class: "small" }, config.rules[value(i)]?.name ?? ""));
      return own;
    };
    return { value, show };
  },
  severity: (c, rows) => {
    const value = column(rows, c.key);
    const rank = { error: 3, warning: 2, info: 1 };
    return { value: (i) => rank[value(i)], show: (i) => severity(value(i)), numeric: true };
  },
  counts: (c, rows) => {
    const errors = column(rows, c.key), warnings = column(rows, c.warnings);
    const notes = column(rows, c.notes);
    const show = (i) => {
      const own = document.createDocumentFragment();
      for (const [name, n] of [["error", errors(i)], ["warning", warnings(i)], ["info", notes(i)]]) {
        if (n) own.append(element("span", { class: "severity " + name }, words[name] + " " + n), " ");
      }
      return own;
    };
    return { value: (i) => errors(i) * 1e8 + warnings(i) * 1e4 + notes(i), show, numeric: true };
  },
};
const kindOf = (c, rows) => KINDS[c.kind](c, rows);
const severity = (name) => element("span", { class: "severity " + name }, words[name]);

/* ---- the list ---- */

const list = config.list;
const projects = config.projects || list;
const codeOf = column(list, "project");
const position = new Map();
{
  const code = column(projects, "project");
  for (let i = length(projects) - 1; i >= 0; i--) position.set(code(i), i);
}
const plain = (text) => text.normalize("NFKC").toLowerCase();
const searched = (config.searched || ["name", "project", "department"])
  .map((key) => column(list, key));
const haystack = Array.from({ length: length(list) }, (_, i) =>
  plain(searched.map((value) => value(i) ?? "").join("\n")));

const state = { words: [], tests: [] };
const passes = (i) =>
  state.words.every((word) => haystack[i].includes(word)) && state.tests.every((test) => test(i));

const kinds = config.columns.map((c) => kindOf(c, list));
const orders = kinds.map((kind) =>
  kind.order || (kind.numeric ? kind.value : ranked(kind.value, list)));
const table = new DataTable("#list", {
  data: haystack.map((_, i) => [i]),
  columns: config.columns.map((c, n) => ({
    title: c.title,
    className: [kinds[n].right ? "right" : "", c.minor ? "minor" : ""].join(" ").trim(),
    cellType: kinds[n].head ? "th" : "td",
    type: "num",
    searchable: false,
    orderSequence: kinds[n].numeric ? ["desc", "asc"] : ["asc", "desc"],
    // A text would be taken for markup, so that cells are always given as nodes.
    data: (row, type) =>
      type === "display" ? asNode(kinds[n].show(row[0])) : orders[n](row[0]) ?? "",
  })),
  order: config.order.map(([key, way]) => [config.columns.findIndex((c) => c.key === key), way]),
  createdRow: (row) => row.querySelector("th")?.setAttribute("scope", "row"),
  pageLength: 25,
  lengthMenu: [25, 50, 100, 500],
  autoWidth: false,
  layout: { topStart: null, topEnd: null, bottomStart: ["info", "pageLength"], bottomEnd: "paging" },
  language: {
    emptyTable: words.none, zeroRecords: words.none, info: words.shown, infoEmpty: words.none,
    infoFiltered: words.filtered, thousands: ",", lengthMenu: words.per_page + " _MENU_",
    paginate: { first: "«", previous: "‹", next: "›", last: "»" },
    aria: {
      orderable: words.sort, orderableReverse: words.reverse, orderableRemove: words.unsort,
      paginate: { first: words.first, previous: words.previous, next: words.next, last: words.last,
                  number: "" },
    },
  },
});
table.search.fixed("perfeval", (_, row) => passes(row[0]));

const form = document.getElementById("filters");
const search = element("input", { type: "search", id: "search", autocomplete: "off",
                                  placeholder: words.placeholder });
const pickers = config.filters.map((filter) => {
  const value = column(list, filter.key);
  const options = filter.options ||
    [...new Set(haystack.map((_, i) => value(i)))].sort().map((name) => [name, name || DASH]);
  const picker = element("select", { id: "filter-" + filter.key }, element("option", { value: "-" }, words.all));
  options.forEach(([, title], n) => picker.append(element("option", { value: n }, title)));
  const test = (n) => {
    const wanted = String(options[n][0]);
    return filter.kind === "word"
      ? (i) => (" " + value(i) + " ").includes(" " + wanted + " ")
      : (i) => String(value(i) ?? "") === wanted;
  };
  form.append(element("label", {}, filter.title, picker));
  return { picker, test };
});
form.prepend(element("label", { class: "search" }, words.search, search));
const clear = element("button", { type: "reset" }, words.clear);
form.append(clear);
form.hidden = false;

function refilter() {
  state.words = plain(search.value).split(/\s+/).filter(Boolean);
  state.tests = pickers.filter(({ picker }) => picker.value !== "-")
    .map(({ picker, test }) => test(Number(picker.value)));
  table.draw();
}
let waiting = 0;
search.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(refilter, 120);
});
form.addEventListener("change", (event) => {
  // What is searched for is known by then; drawing the list again would lose the click that left
  // the field.
  if (event.target !== search) refilter();
});
form.addEventListener("reset", () => setTimeout(refilter));
form.addEventListener("submit", (event) => event.preventDefault());

/* ---- a project's sheet ---- */

const parts = new Map();
/* The rows of a project by name: their numbers from `from` to `to` in the packed `rows`. */
function own(place, name) {
  const part = Math.floor(place / config.chunk);
  if (!parts.has(part)) {
    parts.set(part, JSON.parse(document.getElementById("rows-" + part).textContent));
  }
  const rows = parts.get(part)[name];
  if (!rows?.start) return { rows: rows || {}, from: 0, to: 0 };
  const start = rows.start, n = place % config.chunk;
  return { rows, from: start[n], to: start[n + 1] };
}

const range = (from, to) => Array.from({ length: to - from }, (_, n) => from + n);
const bodyRow = (...cells) => element("tr", {}, ...cells);
const cell = (value, right) => element("td", right ? { class: "right" } : {}, value);
const tableOf = (heads, rows) =>
  element("div", { class: "wide" }, element("table", {},
    element("thead", {}, element("tr", {}, ...heads.map(([title, right]) =>
      element("th", { scope: "col", class: right ? "right" : null }, title)))),
    element("tbody", {}, ...rows)));

function finding(rows, i) {
  const code = column(rows, "code")(i);
  const title = config.rules[code]?.title, cell = column(rows, "cell")(i);
  return element("p", { class: "finding" }, severity(column(rows, "severity")(i)), " ",
    element("span", { class: "code", title }, code), " ", column(rows, "message")(i),
    cell ? " " : null, cell ? element("span", { class: "place" }, cell) : null);
}

function facts(place) {
  const shown = config.facts.map((c) => [c.title, kindOf(c, projects)])
    .filter(([, kind]) => ![null, undefined, ""].includes(kind.value(place)))
    .map(([title, kind]) =>
      element("div", {}, element("dt", {}, title), element("dd", {}, kind.show(place))));
  return element("dl", { class: "facts" }, ...shown);
}

function reasons(place) {
  const { rows, from, to } = own(place, "reasons");
  if (from === to) return null;
  const code = column(rows, "code"), indicator = column(rows, "indicator");
  const stake = column(rows, "points"), chance = column(rows, "chance");
  const left = column(rows, "left")(from);
  const lines = range(from, to).map((i) => bodyRow(
    element("th", { scope: "row" }, code(i) + " " + (config.rules[code(i)]?.title ?? "")),
    cell(indicator(i) ?? ""), cell(amount(stake(i), 4), true), cell(amount(chance(i), 2), true),
    cell(amount(stake(i) * chance(i), 4), true)));
  if (left) lines.push(bodyRow(element("td", { colspan: 5 }, filled(words.more, { n: left }))));
  lines.push(bodyRow(element("th", { scope: "row", colspan: 4 }, words.sum),
    cell(amount(column(projects, "at_stake")(place), 4), true)));
  return section(words.stake, tableOf([[words.rule], [words.indicator], [words.points, true],
    [words.chance, true], [words.stake, true]], lines));
}

function indicators(place, found, notes) {
  const { rows, from, to } = own(place, "indicators");
  if (from === to) return null;
  const shown = config.indicators.map((c) => kindOf(c, rows));
  const lines = range(from, to).flatMap((i) => {
    const cells = shown.map((kind, n) => {
      const made = element(kind.head ? "th" : "td", {
        scope: kind.head ? "row" : null, class: kind.right ? "right" : null,
        "data-title": config.indicators[n].title }, kind.show(i));
      return made;
    });
    const said = found.filter((each) => each.own === i - from);
    const below = [...said.map((each) => finding(each.rows, each.i)), ...why(place, i - from, notes)];
    const line = element("tr", { class: below.length ? "told" : null }, ...cells);
    if (!below.length) return [line];
    return [line, element("tr", { class: "below" },
      element("td", { colspan: shown.length }, ...below))];
  });
  const heads = config.indicators.map((c, n) => [c.title, shown[n].right]);
  const made = section(words.indicators, tableOf(heads, lines));
  made.querySelector("table").classList.add("cards");
  return made;
}

/* How the points of an indicator (from 0), or of the whole project (−1), come about, step by step.
   `notes` gathers the clauses that the steps of a sheet rest on. */
function why(place, n, notes) {
  const told = own(place, "derivations").rows;
  const tree = told.trees?.[told.of[place % config.chunk][n + 1]];
  if (!tree) return [];
  const lists = [element("ol", { class: "steps" })];
  for (const node of tree.slice(1)) {
    const [depth, clause] = told.nodes[node];
    lists.length = Math.min(lists.length, depth + 1);
    while (lists.length <= depth) {
      const inner = element("ol", {});
      lists.at(-1).lastElementChild.append(inner);
      lists.push(inner);
    }
    lists.at(-1).append(element("li", {}, said(told, node), noted(told.clauses[clause], notes)));
  }
  return [element("details", { class: "why" },
    element("summary", {}, said(told, tree[0])), lists[0])];
}

/* The text of a step, its numbers put back (see derived.py). */
function said(told, node) {
  const [, , text, numbers] = told.nodes[node];
  const values = numbers.split(" ");
  return told.texts[text].replace(/\u0001/g, () => values.shift());
}

function noted(clause, notes) {
  if (!clause) return null;
  const text = clause.filter(Boolean).join(" — ");
  if (!notes.includes(text)) notes.push(text);
  return element("sup", { title: text }, "[" + (notes.indexOf(text) + 1) + "]");
}

function decisions(place) {
  const { rows, from, to } = own(place, "decisions");
  if (from === to) return null;
  const value = (key) => column(rows, key);
  const lines = range(from, to).map((i) => bodyRow(
    element("th", { scope: "row" }, value("indicator")(i)),
    cell(points(value("claimed")(i)) + " → " + points(value("decided")(i)), true),
    cell([value("decision")(i), value("role")(i), value("date")(i)].filter(Boolean).join(" · ")),
    cell(value("reason")(i) ?? "")));
  return section(words.decisions, tableOf(
    [[words.indicator], [words.points, true], [words.decisions], [words.reason]], lines));
}

function manual(codes) {
  const known = codes.filter((code) => config.rules[code]);
  if (!known.length) return null;
  return section(words.rules, ...known.map((code) => {
    const rule = config.rules[code];
    return element("details", { class: "rule" },
      element("summary", {}, element("span", { class: "code" }, code), " ", rule.title),
      ...rule.parts.map(([label, text]) =>
        element("p", {}, label ? element("strong", {}, label) : null, " ", text)));
  }));
}

const section = (title, ...children) =>
  element("section", {}, element("h3", {}, title), ...children);

function sheet(place) {
  const code = column(projects, "project")(place), name = column(projects, "name")(place);
  const { rows, from, to } = own(place, "findings");
  const ownRow = column(rows, "own");
  const found = range(from, to).map((i) => ({ rows, i, own: ownRow(i) }));
  const general = found.filter((each) => each.own === null);
  const codes = [...new Set(found.map(({ i }) => column(rows, "code")(i)))].sort();
  const notes = [], total = why(place, -1, notes);
  const order = shownOrder(), turn = order.indexOf(code);
  const link = (to, text) =>
    to === undefined ? null : element("a", { href: hash(to) }, text);
  const print = element("button", { type: "button" }, words.print);
  print.addEventListener("click", () => window.print());
  return [
    element("nav", { "aria-label": words.back }, element("a", { href: "#" }, "← " + words.back),
      link(order[turn - 1], "‹ " + words.before), link(turn < 0 ? undefined : order[turn + 1],
      words.after + " ›"), print),
    element("h2", { tabindex: "-1" }, name || code),
    facts(place),
    general.length
      ? section(words.findings, ...general.map((each) => finding(each.rows, each.i))) : null,
    reasons(place),
    total.length ? section(words.total, ...total) : null,
    indicators(place, found, notes),
    decisions(place),
    manual(codes),
    () => notes.length ? section(words.clauses, element("ol", { class: "clauses" },
      ...notes.map((text) => element("li", {}, text)))) : null,
    element("p", { class: "signature print-only" }, words.signed + "：", element("span", {}),
      words.dated + "：", element("span", {})),
  ].map((part) => (typeof part === "function" ? part() : part)).filter(Boolean);
}

/* The codes of the projects as the list has them now, each once. */
const shownOrder = () => [...new Set(
  table.rows({ order: "applied", search: "applied" }).data().toArray().map(([i]) => codeOf(i)))];

const overview = document.getElementById("overview");
const article = document.getElementById("sheet");
const title = document.title;
let left = { top: 0, code: null };

function route() {
  const code = decodeURIComponent(location.hash.slice(1));
  const place = position.get(code);
  if (place === undefined) {
    const came = !article.hidden;
    article.hidden = true;
    overview.hidden = false;
    document.title = title;
    if (came) {
      scrollTo(0, left.top);
      const link = [...document.querySelectorAll("#list a")]
        .find((each) => each.getAttribute("href") === hash(left.code));
      link?.focus({ preventScroll: true });
    }
    return;
  }
  if (article.hidden) left.top = scrollY;
  left.code = code;
  article.replaceChildren(...sheet(place));
  overview.hidden = true;
  article.hidden = false;
  document.title = article.querySelector("h2").textContent + " · " + title;
  scrollTo(0, 0);
  article.querySelector("h2").focus({ preventScroll: true });
}
addEventListener("hashchange", route);
route();
document.querySelectorAll(".no-script").forEach((each) => each.remove());

/* ---- on paper ---- */

const MOST_PRINTED = 500;
let length_before = null;
addEventListener("beforeprint", () => {
  document.querySelectorAll("details.rule, details.why").forEach((each) => { each.open = true; });
  if (overview.hidden) return;
  const all = table.page.info().recordsDisplay;
  length_before = table.page.len();
  table.page.len(MOST_PRINTED).draw();
  document.getElementById("printed").textContent =
    all > MOST_PRINTED ? filled(words.printed, { n: MOST_PRINTED, all }) : "";
});
addEventListener("afterprint", () => {
  if (length_before !== null) table.page.len(length_before).draw();
  length_before = null;
});
