/* On a phone, a table with sentences shows each row as a block; minddpg.css has the style. */

const MANY = 5; // a cell with as many words is a sentence

for (const table of document.querySelectorAll("article table.docutils")) {
  const titles = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
  const rows = [...table.querySelectorAll("tbody tr")];
  const isSentence = (cell) => (cell.textContent.match(/\p{L}{2,}/gu) ?? []).length >= MANY;
  const isRead = rows.some(({ cells }) => [...cells].some(isSentence));
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
