// Language switch, numbers and days in the chosen language, filters of tables.
(function () {
  "use strict";
  var root = document.documentElement;

  function locale() { return root.lang === "en" ? "en-GB" : "id-ID"; }

  function number(value, form) {
    var digits = Number(form.slice(1));
    var share = form[0] === "p";
    var text = new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits })
      .format(share ? value * 100 : value);
    return share ? text + "%" : text;
  }

  function day(iso, style) {
    var options = style === "short" ? { day: "numeric", month: "short" } : { day: "numeric", month: "long", year: "numeric" };
    return new Intl.DateTimeFormat(locale(), Object.assign({ timeZone: "UTC" }, options)).format(new Date(iso + "T00:00:00Z"));
  }

  function each(selector, act, within) { Array.prototype.forEach.call((within || document).querySelectorAll(selector), act); }

  function write(within) {
    each("data[data-f]", function (e) { e.textContent = number(Number(e.value), e.dataset.f); }, within);
    each("time[datetime]", function (e) { e.textContent = day(e.dateTime); }, within);
    each("[data-label-id]", function (e) {
      var text = root.lang === "en" ? e.dataset.labelEn : e.dataset.labelId;
      if (e.tagName === "OPTION" || e.tagName === "TITLE") { e.textContent = text; } else { e.setAttribute("aria-label", text); }
    }, within);
  }

  function choose(language) {
    root.lang = language;
    try { localStorage.setItem("regsosek-lang", language); } catch (e) { /* shown now, not remembered */ }
    write();
    document.dispatchEvent(new Event("sitelanguage"));
  }

  function filtered(form) {
    var table = document.getElementById(form.dataset.table);
    var name = form.elements.name.value.trim().toLowerCase();
    var level = form.elements.coverage ? form.elements.coverage.value : "";
    var shown = 0;
    each("tbody tr", function (row) {
      var fits = row.dataset.name.indexOf(name) >= 0 && (level === "" || row.dataset.class === level);
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }, table);
    form.querySelector("output").textContent = shown;
    document.dispatchEvent(new CustomEvent("sitefilter", { detail: { coverage: level } }));
  }

  window.site = { number: number, day: day, each: each, write: write };

  document.addEventListener("DOMContentLoaded", function () {
    if (root.lang === "en") { write(); }
    each("#language", function (button) {
      button.addEventListener("click", function () { choose(root.lang === "en" ? "id" : "en"); });
    });
    each("form.filter", function (form) {
      form.addEventListener("input", function () { filtered(form); });
      form.addEventListener("submit", function (event) { event.preventDefault(); });
      form.hidden = false;
    });
  });
})();
