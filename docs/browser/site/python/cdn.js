/* Where Python comes from if the site has none of its own; a page asks before it loads anything. */
export const CDN = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/";
export const CDN_HOST = new URL(CDN).host;
