(function () {
  'use strict';
  var held = JSON.parse(document.getElementById('held').textContent);
  held.maps.forEach(function (map) { echarts.registerMap(map.name, map.shapes); });
  held.figures.forEach(function (figure) {
    var box = document.getElementById(figure.id);
    if (box.clientWidth < figure.width) { return; }
    var live = document.createElement('div');
    live.style.width = figure.width + 'px';
    live.style.height = figure.height + 'px';
    live.setAttribute('role', 'img');
    live.setAttribute('aria-label', figure.alt);
    var still = box.firstElementChild;
    box.appendChild(live);
    var size = { renderer: 'svg', width: figure.width, height: figure.height };
    echarts.init(live, null, size).setOption(figure.option);
    box.removeChild(still);
  });
})();
