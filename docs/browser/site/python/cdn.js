/* The source of Python if the site does not have its own; a page asks before it loads anything. */
export const CDN = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/";
export const CDN_HOST = new URL(CDN).host;
