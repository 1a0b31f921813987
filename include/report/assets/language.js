// First in every page, so that no text of the other language is ever seen. The page is Indonesian unless the reader chose.
(function () {
  "use strict";
  var chosen = null;
  try { chosen = localStorage.getItem("regsosek-lang"); } catch (e) { /* a browser may refuse to remember */ }
  document.documentElement.lang = chosen === "en" ? "en" : "id";
})();
