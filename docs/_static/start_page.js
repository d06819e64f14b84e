/* On the start page, a recorded run replaces the playground's picture. */

const picture = document.querySelector("img[src$='playground.png']");
if (picture && location.protocol.startsWith("http")) {
  const frame = document.createElement("iframe");
  frame.src = "playground/small.html";
  frame.title = "A recorded run of the playground";
  frame.className = "recorded-run";
  picture.closest("a").before(frame);
  picture.closest("a").remove();
}
