/* On a phone, a table with sentences shows each row as a block; minddpg.css has the style. */

const LONG = 40; // a cell with more characters is a sentence

for (const table of document.querySelectorAll("article table.docutils")) {
  const titles = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
  const rows = [...table.querySelectorAll("tbody tr")];
  const isRead = rows.some(({ cells }) => [...cells].some((cell) => cell.textContent.length > LONG));
  if (titles.length < 3) continue;
  table.classList.add(isRead ? "of-sentences" : "of-numbers");
  if (!isRead) continue;
  for (const { cells } of rows) {
    [...cells].forEach((cell, column) => {
      cell.dataset.title = titles[column];
      cell.classList.toggle("empty", cell.textContent.trim() === "");
    });
  }
}
