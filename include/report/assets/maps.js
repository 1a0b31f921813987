// Hands boundaries and coverage to Leaflet; no tiles, nothing is asked of a network.
(function () {
  "use strict";
  var COLOURS = ["#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"], OUTSIDE = "#d4d7db";

  function english() { return document.documentElement.lang === "en"; }

  function show(holder) {
    var figure = holder.closest("figure"), given = JSON.parse(figure.querySelector("script").textContent);
    var map = window.L.map(holder, { attributionControl: true, zoomSnap: 0.25, scrollWheelZoom: false });
    var layer = null, coverage = "";
    map.attributionControl.setPrefix(false).addAttribution(given.credit);

    function style(shape) {
      var said = layer.figures[shape.properties.code], level = said ? said[4] : null;
      var faded = coverage !== "" && String(level) !== coverage;
      return { weight: 1, color: "#3b4754", fillOpacity: faded ? 0.12 : 0.9, fillColor: level === null ? OUTSIDE : COLOURS[level] };
    }

    function text(code) {
      var said = layer.figures[code], e = document.createElement("span");
      if (!said) { e.textContent = code + ": " + (english() ? "not in the frame" : "tidak ada di kerangka"); return e; }
      var share = said[1] === null ? "–" : window.site.number(said[1], "p1");
      e.textContent = said[0] + ": " + share + " (" + window.site.number(said[2], "n0") + " / " + window.site.number(said[3], "n0") + ")";
      return e;
    }

    function put(name, figures) {
      var topology = window.siteBoundaries[name];
      if (layer) { map.removeLayer(layer.shapes); }
      layer = { figures: figures };
      layer.shapes = window.L.geoJSON(window.topojson.feature(topology, topology.objects.areas), {
        style: style,
        onEachFeature: function (shape, path) {
          path.bindTooltip(function () { return text(shape.properties.code); }, { sticky: true });
          path.on("click", function () { if (layer.figures[shape.properties.code]) { location.href = given.root + layer.figures[shape.properties.code][5]; } });
        }
      }).addTo(map);
      map.fitBounds(layer.shapes.getBounds(), { padding: [6, 6] });
      holder.dataset.shown = name;
      performance.mark("map-shown");
    }

    function choose(level) {
      window.site.each("button[data-level]", function (b) { b.setAttribute("aria-pressed", String(b.dataset.level === level.name)); }, figure);
      loaded(level.scripts, 0, function () { put(level.name, level.figures || window.siteFigures[level.name]); });
    }

    given.levels.forEach(function (level) {
      window.site.each('button[data-level="' + level.name + '"]', function (b) { b.addEventListener("click", function () { choose(level); }); }, figure);
    });
    document.addEventListener("sitefilter", function (event) {
      coverage = event.detail.coverage;
      if (layer) { layer.shapes.setStyle(style); }
    });
    window.addEventListener("resize", function () { if (layer) { map.fitBounds(layer.shapes.getBounds(), { padding: [6, 6] }); } });
    choose(given.levels[0]);
  }

  var asked = {};
  // Scripts one after the other, each once: a page on disk may load scripts, not data.
  function loaded(sources, place, then) {
    if (place === sources.length) { then(); return; }
    var source = sources[place];
    if (asked[source]) { loaded(sources, place + 1, then); return; }
    var script = document.createElement("script");
    script.src = source;
    script.onload = function () { asked[source] = true; loaded(sources, place + 1, then); };
    document.head.appendChild(script);
  }

  document.addEventListener("DOMContentLoaded", function () { window.site.each(".map", show); });
})();
