// Hands the figures of a page to Chart.js, and writes them as a table beside each chart.
(function () {
  "use strict";
  var WORDS = {
    done: ["keluarga terdata", "families enumerated"],
    expected: ["perkiraan keluarga", "families expected"],
    target: ["target selesai (95%)", "complete at (95%)"],
    band: ["perkiraan selesai, peluang 10–90%", "forecast, chance 10–90%"],
    p10: ["perkiraan, peluang 10%", "forecast, chance 10%"],
    p50: ["perkiraan, peluang 50%", "forecast, chance 50%"],
    p90: ["perkiraan, peluang 90%", "forecast, chance 90%"],
    end: ["akhir masa pendataan", "end of the field work"],
    day: ["Hari", "Day"]
  };
  var COLOURS = ["#1b6e5a", "#c77700", "#6b7280", "#7a4fb5", "#b3261e"];
  var drawn = [];

  function english() { return document.documentElement.lang === "en"; }
  function word(pair) { return pair[english() ? 1 : 0]; }
  function isoAfter(first, days) { return new Date(Date.parse(first + "T00:00:00Z") + days * 864e5).toISOString().slice(0, 10); }
  function tick(value) { return window.site.number(value, "n0"); }

  function line(key, data, more) {
    return Object.assign({ label: word(WORDS[key]), data: data, borderWidth: 2, pointRadius: 0, pointHitRadius: 8, fill: false }, more);
  }

  function burnup(f) {
    var points = f.done.map(function (p) { return { x: p[0], y: p[1] }; });
    var now = points[points.length - 1];
    var last = Math.max(now.x, f.end || 0, f.p90 || 0);
    var flat = function (y) { return [{ x: 0, y: y }, { x: last, y: y }]; };
    var sets = [line("done", points, { borderColor: "#1b6e5a", backgroundColor: "#1b6e5a", borderWidth: 3 })];
    sets.push(line("expected", flat(f.expected), { borderColor: "#6b7280", backgroundColor: "#6b7280", borderDash: [2, 4] }));
    if (f.target) { sets.push(line("target", flat(f.target), { borderColor: "#b3261e", backgroundColor: "#b3261e", borderDash: [6, 4] })); }
    if (f.target && !f.finished) { sets = sets.concat(forecast(f, now)); }
    return {
      type: "line",
      data: { datasets: sets },
      options: options({
        x: { type: "linear", min: 0, max: last, ticks: { maxRotation: 0, autoSkipPadding: 12, callback: function (v) { return window.site.day(isoAfter(f.first, v), "short"); } } },
        y: { beginAtZero: true, ticks: { callback: tick } }
      }, function (items) { return items.length ? window.site.day(isoAfter(f.first, items[0].parsed.x)) : ""; })
    };
  }

  // From today straight to the day on which the target is reached; the band lies between the earliest and the latest.
  function forecast(f, now) {
    var late = f.p90 === null ? null : f.p90;
    function path(days) {
      var p = [{ x: now.x, y: now.y }, { x: days, y: f.target }];
      return late !== null && days < late ? p.concat([{ x: late, y: f.target }]) : p;
    }
    var sets = [];
    if (f.p50 !== null) { sets.push(line("p50", path(f.p50).slice(0, 2), { borderColor: "#c77700", backgroundColor: "#c77700", borderDash: [4, 3] })); }
    if (f.p10 !== null && late !== null) {
      sets.push(line("p10", path(f.p10), { borderColor: "#c77700", backgroundColor: "#c7770033", borderWidth: 1, fill: "+1", label: word(WORDS.band) }));
      sets.push(line("p90", path(late), { borderColor: "#c77700", backgroundColor: "#c7770033", borderWidth: 1, label: "" }));
    }
    return sets;
  }

  function bars(f) {
    var labels = f.labels || f.days.map(function (d) { return window.site.day(d, "short"); });
    return {
      type: "bar",
      data: {
        labels: labels,
        datasets: f.series.map(function (s, i) {
          return { label: word(s.name), data: s.values, backgroundColor: COLOURS[i % COLOURS.length] };
        })
      },
      options: options({
        x: { stacked: f.stacked, ticks: { maxRotation: 0, autoSkipPadding: 12 } },
        y: { stacked: f.stacked, beginAtZero: true, ticks: { callback: tick, precision: 0 } }
      })
    };
  }

  function options(scales, title) {
    var lines = scales.x.type === "linear";
    var callbacks = { label: function (item) { return item.dataset.label + ": " + tick(item.parsed.y); } };
    if (title) { callbacks.title = title; }
    return {
      animation: false, responsive: true, maintainAspectRatio: false, scales: scales,
      interaction: { mode: "nearest", axis: "x", intersect: false },
      plugins: {
        legend: { position: "bottom", labels: { boxWidth: lines ? 28 : 14, usePointStyle: lines, pointStyle: "line", pointStyleWidth: 28, color: "#1f2933", filter: function (item) { return item.text !== ""; } } },
        tooltip: { callbacks: callbacks, filter: function (item) { return item.dataset.label !== ""; } }
      }
    };
  }

  function rowsOf(f) {
    if (f.kind === "bars") {
      var names = f.labels || f.days.map(function (d) { return window.site.day(d); });
      return { head: [f.labels ? "" : word(WORDS.day)].concat(f.series.map(function (s) { return word(s.name); })),
        rows: names.map(function (n, i) { return [n].concat(f.series.map(function (s) { return s.values[i]; })); }) };
    }
    var rows = f.done.map(function (p) { return [window.site.day(isoAfter(f.first, p[0])), p[1]]; });
    ["p10", "p50", "p90"].forEach(function (p) {
      if (f.target && !f.finished && f[p] !== null) { rows.push([word(WORDS[p]) + ": " + window.site.day(isoAfter(f.first, f[p])), f.target]); }
    });
    return { head: [word(WORDS.day), word(WORDS.done)], rows: rows };
  }

  function cell(kind, content, scope) {
    var e = document.createElement(kind);
    e.textContent = content === null ? (english() ? "withheld" : "disamarkan") : typeof content === "number" ? tick(content) : content;
    if (scope) { e.scope = scope; }
    return e;
  }

  function tableInto(holder, f) {
    var said = rowsOf(f), table = document.createElement("table"), head = table.createTHead().insertRow(), body = table.createTBody();
    said.head.forEach(function (h) { head.appendChild(cell(h === "" ? "td" : "th", h, h === "" ? null : "col")); });
    said.rows.forEach(function (r) {
      var row = body.insertRow();
      r.forEach(function (c, i) { row.appendChild(i ? cell("td", c) : cell("th", c, "row")); });
    });
    holder.replaceChildren(table);
  }

  function draw() {
    drawn.forEach(function (chart) { chart.destroy(); });
    drawn = [];
    window.site.each("figure.chart", function (figure) {
      var f = JSON.parse(figure.querySelector("script").textContent);
      drawn.push(new window.Chart(figure.querySelector("canvas"), f.kind === "bars" ? bars(f) : burnup(f)));
      tableInto(figure.querySelector(".beside"), f);
    });
  }

  document.addEventListener("DOMContentLoaded", draw);
  document.addEventListener("sitelanguage", draw);
  window.addEventListener("beforeprint", function () { drawn.forEach(function (chart) { chart.resize(); }); });
})();
