"use strict";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Datasets as tabs: one at a time; without this script all stand one under the other.
const tabs = all("[role=tab]");
const select = (dataset) => {
  for (const part of all(".of")) part.hidden = part.dataset.dataset !== dataset;
  for (const tab of tabs) {
    const chosen = tab.dataset.dataset === dataset;
    tab.setAttribute("aria-selected", chosen);
    tab.tabIndex = chosen ? 0 : -1;
  }
};
tabs.forEach((tab, place) => {
  tab.addEventListener("click", () => select(tab.dataset.dataset));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(place + step + tabs.length) % tabs.length];
    next.focus();
    select(next.dataset.dataset);
  });
});
if (tabs.length) select(tabs[0].dataset.dataset);

// A link opens the tab and the folded part that its place lies in.
const show = () => {
  const place = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!place) return;
  const panel = place.closest(".panel");
  if (panel && tabs.length) select(panel.dataset.dataset);
  for (let part = place; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  place.scrollIntoView();
};
addEventListener("hashchange", show);
show();

// Sorting: a button in each column head; unknown values stay last in both directions.
for (const table of all("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      const numeric = head.classList.contains("number");
      const before = head.getAttribute("aria-sort");
      const order = before ? (before === "ascending" ? "descending" : "ascending")
        : numeric ? "descending" : "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", order);
      const sign = order === "ascending" ? 1 : -1;
      const key = (row) => row.cells[column].dataset.key;
      const compare = (a, b) => {
        const left = key(a), right = key(b);
        if (left === "" || right === "") return (left === "") - (right === "");
        return sign * (numeric ? Number(left) - Number(right)
          : left.localeCompare(right, undefined, { numeric: true }));
      };
      table.tBodies[0].append(...[...table.tBodies[0].rows].sort(compare));
    });
  });
}

// The filter: a row stays when its cell is made of all the words, each the whole name of a part.
for (const filter of all("input[type=search]")) {
  const rows = all("tbody tr", document.getElementById(filter.dataset.table));
  const count = filter.parentElement.querySelector(".count");
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/[\s+]+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const parts = row.cells[0].textContent.toLowerCase().split(/[\s+]+/);
      const fits = (word, last) => parts.some((part) => part === word || (last && part.startsWith(word)));
      row.hidden = !words.every((word, i) => fits(word, i === words.length - 1));
      shown += !row.hidden;
    }
    count.textContent = words.length ? `${shown} of ${rows.length} cells` : "";
  });
}
for (const box of all(".columns input")) {
  box.addEventListener("change", () => {
    const table = document.getElementById(box.dataset.table);
    for (const row of table.rows) row.cells[box.dataset.column].hidden = !box.checked;
  });
}

// A drawing as a file of its own, in its colours on white.
const drawn = (button) => {
  const drawing = button.closest("figure").querySelector("svg").cloneNode(true);
  return new XMLSerializer().serializeToString(drawing)
    .replace(/var\(--[\w-]+,\s*(#\w+)\)/g, "$1");
};
for (const button of all(".save")) {
  button.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([drawn(button)], { type: "image/svg+xml" }));
    link.download = button.dataset.file;
    link.click();
    URL.revokeObjectURL(link.href);
  });
}

// The same on a sheet of its size: a browser prints into a PDF, and letters stay letters.
for (const button of all(".print")) {
  button.addEventListener("click", () => {
    const { width, height } = button.closest("figure").querySelector("svg").viewBox.baseVal;
    const [sheet, size] = [document.createElement("div"), document.createElement("style")];
    sheet.id = "sheet";
    sheet.innerHTML = drawn(button);
    size.textContent = `@page { size: ${width}pt ${height}pt; margin: 0; }`;
    const title = document.title;
    document.title = button.parentElement.querySelector(".save").dataset.file.replace(".svg", "");
    document.body.append(sheet, size);
    addEventListener("afterprint", () => {
      sheet.remove();
      size.remove();
      document.title = title;
    }, { once: true });
    print();
  });
}

// What a term means, also where there is no pointer to hover with.
const tip = document.getElementById("tip");
for (const term of all("abbr")) {
  if (!term.closest("button")) term.tabIndex = 0;
  const tell = () => { tip.textContent = `${term.textContent}: ${term.title}`; tip.hidden = false; };
  term.addEventListener("focus", tell);
  term.addEventListener("click", tell);
  term.addEventListener("blur", () => { tip.hidden = true; });
}
addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });

// On paper everything is open.
addEventListener("beforeprint", () => {
  if (!document.getElementById("sheet")) for (const part of all("details.group")) part.open = true;
});
