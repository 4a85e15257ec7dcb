(function () {
  'use strict';
  var maps = {};
  var held = new Map();
  var fetched = new Map();
  var KEPT = 80;
  var drawnMaps = new Set();
  document.documentElement.classList.add('js');

  function levers() {
    var found = {};
    document.querySelectorAll('[data-lever]').forEach(function (one) {
      var value = one.value;
      if (one.dataset.values) { value = one.dataset.values.split(' ')[Number(one.value)]; }
      found[one.dataset.lever] = value;
    });
    return found;
  }

  function query(figure) {
    var set = levers(), asked = new URLSearchParams(figure.dataset.fixed || '');
    (figure.dataset.takes || '').split(' ').forEach(function (name) {
      if (name && set[name]) { asked.set(name, set[name]); }
    });
    var text = asked.toString();
    return text ? '?' + text : '';
  }

  function say(box, text) {
    var told = document.createElement('p');
    told.className = 'state';
    told.textContent = text;
    box.replaceChildren(told);
  }

  function base(name) {
    if (!maps[name]) {
      maps[name] = fetch('/assets/maps/' + name + '.json').then(function (answer) { return answer.json(); })
        .then(function (shapes) { echarts.registerMap(name, shapes); });
    }
    return maps[name];
  }

  // Runs never change, so what was asked once need not be asked again.
  function asking(address) {
    if (!fetched.has(address)) {
      if (fetched.size >= KEPT) { fetched.delete(fetched.keys().next().value); }
      fetched.set(address, fetch(address).then(function (answer) {
        if (!answer.ok) { throw new Error(answer.status); }
        return answer.text();
      }));
      fetched.get(address).catch(function () { fetched.delete(address); });
    }
    return fetched.get(address).then(function (text) { return JSON.parse(text); });
  }

  // The years beside the one that is shown are most likely asked for next.
  function ahead(figure) {
    var one = document.querySelector('[data-lever=year]');
    if (!one || (figure.dataset.takes || '').split(' ').indexOf('year') < 0) { return; }
    var years = one.dataset.values.split(' '), now = Number(one.value);
    [now - 1, now + 1].forEach(function (place) {
      if (years[place]) {
        var asked = new URLSearchParams(query(figure).slice(1));
        asked.set('year', years[place]);
        asking(figure.dataset.figure + '.json?' + asked.toString()).catch(function () { return null; });
      }
    });
  }

  function draw(figure) {
    var box = figure.querySelector('.canvas');
    if (!box) { return Promise.resolve(); }
    var asked = query(figure), turn = (Number(figure.dataset.turn) || 0) + 1;
    figure.dataset.turn = turn;
    figure.dataset.state = 'loading';
    if (held.has(figure)) { box.classList.add('old'); }
    return asking(figure.dataset.figure + '.json' + asked).then(function (chart) {
      return Promise.all(chart.maps.map(base)).then(function () { return chart; });
    }).then(function (chart) {
      if (Number(figure.dataset.turn) !== turn) { return; }
      show(figure, box, chart);
      figure.querySelectorAll('[data-file]').forEach(function (link) {
        link.href = link.pathname + asked;
      });
      var data = figure.querySelector('details.data');
      if (data && data.open) { table(figure); } else if (data) { delete data.dataset.asked; }
    }).catch(function (error) {
      if (held.has(figure)) { held.get(figure).dispose(); held.delete(figure); }
      figure.dataset.state = 'failed';
      box.classList.remove('old');
      say(box, 'This figure could not be drawn (' + error.message + '). Its table may still be shown below.');
    });
  }

  function show(figure, box, chart) {
    var live = held.get(figure), small = figure.classList.contains('small-multiple');
    // A figure a little wider than its place is laid out narrower; a much wider one is scrolled.
    var scale = box.clientWidth ? Math.min(1, box.clientWidth / chart.width) : 1;
    scale = Math.max(scale, small ? 0.6 : 0.75);
    var option = chart.option, width = Math.round(chart.width * scale), height = chart.height;
    if (option.geo && scale < 1) {
      height -= Math.round(option.geo.height * (1 - scale));
      ['left', 'width', 'height'].forEach(function (side) { option.geo[side] *= scale; });
    }
    if (!live) {
      var place = document.createElement('div');
      place.style.width = width + 'px';
      place.style.height = height + 'px';
      box.replaceChildren(place);
      live = echarts.init(place, null, { renderer: 'canvas', width: width, height: height });
      held.set(figure, live);
      live.on('click', function (event) {
        if (figure.dataset.figure.endsWith('/shocks')) { shock(live, event); return; }
        site(String(event.name || ''));
      });
      if (chart.maps.length) { zoom(box, live, width, height); }
    } else {
      live.getDom().style.height = height + 'px';
      live.resize({ width: width, height: height });
    }
    if (option.geo) { option.geo.roam = 'move'; }
    if (document.querySelector('[data-shock]') && option.yAxis && option.yAxis.type === 'category') {
      option.yAxis.triggerEvent = true;
    }
    option.animation = false;
    live.setOption(option, true);
    var title = figure.querySelector('.finding');
    if (title && !small) { title.textContent = chart.title; }
    box.setAttribute('aria-label', chart.alt);
    var notes = figure.querySelector('.notes');
    if (notes) {
      notes.replaceChildren.apply(notes, chart.notes.map(function (note) {
        var line = document.createElement('p'); line.textContent = note; return line;
      }));
    }
    box.classList.remove('old');
    figure.dataset.state = 'drawn';
    var stage = box.parentElement;
    if (stage.scrollWidth > stage.clientWidth) { stage.tabIndex = 0; } else { stage.removeAttribute('tabindex'); }
    if (chart.maps.length) { filters(live, option); }
    setTimeout(function () { ahead(figure); }, 300);
  }

  function zoom(box, live, width, height) {
    var bar = document.createElement('div');
    bar.className = 'zoom';
    [['+', 'Zoom in', 1.4], ['−', 'Zoom out', 1 / 1.4]].forEach(function (one) {
      var button = document.createElement('button');
      button.type = 'button'; button.className = 'quiet'; button.textContent = one[0];
      button.setAttribute('aria-label', one[1]);
      button.addEventListener('click', function () {
        live.dispatchAction({ type: 'geoRoam', componentType: 'geo', geoIndex: 0, zoom: one[2],
          originX: width / 2, originY: height / 2 });
      });
      bar.appendChild(button);
    });
    box.parentElement.appendChild(bar);
  }

  // One tick for each kind of mark on the maps; what is ticked off stays off when the year changes.
  function filters(live, option) {
    var box = document.getElementById('filters');
    if (!box) { return; }
    var ticks = {};
    box.querySelectorAll('input').forEach(function (one) { ticks[one.value] = one; });
    option.series.forEach(function (one) {
      if (!one.data || !one.data.length || ticks[one.name]) { return; }
      var label = document.createElement('label'), tick = document.createElement('input');
      tick.type = 'checkbox'; tick.value = one.name; tick.checked = true;
      tick.addEventListener('change', function () {
        drawnMaps.forEach(function (map) { turn(map, tick.value, tick.checked); });
      });
      label.append(tick, ' ' + one.name);
      box.appendChild(label);
      ticks[one.name] = tick;
    });
    Object.keys(ticks).forEach(function (name) { if (!ticks[name].checked) { turn(live, name, false); } });
    box.hidden = false;
    drawnMaps.add(live);
  }

  function turn(live, name, on) {
    live.dispatchAction({ type: on ? 'legendSelect' : 'legendUnSelect', name: name });
  }

  function site(words) {
    var best = null;
    document.querySelectorAll('[data-site]').forEach(function (link) {
      var name = link.dataset.site;
      if (words.indexOf(name) === 0 && (!best || name.length > best.dataset.site.length)) { best = link; }
    });
    if (best) { best.click(); }
  }

  // A cell of the heat map, or the name of its row, opens how that loss goes on.
  function shock(live, event) {
    var rows = live.getOption().yAxis[0].data;
    var name = event.componentType === 'yAxis' ? event.value : event.value && rows[event.value[1]];
    document.querySelectorAll('[data-shock]').forEach(function (link) {
      if (link.dataset.shock === name) { link.click(); }
    });
  }

  function table(figure) {
    var data = figure.querySelector('details.data'), box = data.querySelector('.scroll');
    var address = figure.dataset.figure + '/table' + query(figure);
    if (data.dataset.asked === address) { return; }
    data.dataset.asked = address;
    say(box, 'Loading…');
    fetch(address, { headers: { 'HX-Request': 'true' } }).then(function (answer) { return answer.text(); })
      .then(function (text) { box.innerHTML = text; })
      .catch(function () { say(box, 'The table could not be read.'); });
  }

  var waiting = new IntersectionObserver(function (seen) {
    seen.forEach(function (one) {
      if (one.isIntersecting) { waiting.unobserve(one.target); draw(one.target); }
    });
  }, { rootMargin: '600px' });

  // After a lever was moved, what is in sight is drawn first; the rest when it comes into sight.
  var near = new IntersectionObserver(function (seen) {
    seen.forEach(function (one) {
      if (one.isIntersecting) { near.unobserve(one.target); draw(one.target); }
    });
  }, { rootMargin: '100px' });

  function ready(root) {
    root.querySelectorAll('figure[data-figure]').forEach(function (figure) {
      if (figure.dataset.state) { return; }
      figure.dataset.state = figure.querySelector('.canvas') ? 'waiting' : 'table';
      if (figure.dataset.state === 'waiting') { waiting.observe(figure); }
      var data = figure.querySelector('details.data');
      if (data) { data.addEventListener('toggle', function () { if (data.open) { table(figure); } }); }
    });
  }

  // What is out of sight is drawn in a quiet moment, one by one, so that a print has every figure.
  function rest() {
    var next = document.querySelector('figure[data-figure][data-state=waiting]');
    if (!next) { return; }
    waiting.unobserve(next);
    near.unobserve(next);
    draw(next).then(function () { setTimeout(rest, 150); });
  }
  window.addEventListener('load', function () { setTimeout(rest, 1200); });
  window.addEventListener('beforeprint', rest);

  var later = 0;
  document.addEventListener('input', function (event) {
    var one = event.target;
    if (one.dataset.lever) {
      if (one.dataset.names) {
        var name = one.dataset.names.split('|')[Number(one.value)];
        one.setAttribute('aria-valuetext', name);
        one.parentElement.querySelector('output').textContent = name;
      }
      clearTimeout(later);
      later = setTimeout(function () {
        document.querySelectorAll('figure[data-figure]').forEach(function (figure) {
          if ((figure.dataset.takes || '').split(' ').indexOf(one.dataset.lever) < 0) { return; }
          if (figure.dataset.state === 'waiting') { return; }
          figure.querySelector('.stage').firstElementChild.classList.add('old');
          figure.dataset.state = 'waiting';
          near.observe(figure);
        });
      }, 60);
    }
    if (one.dataset.find) {
      var text = one.value.toLowerCase();
      document.querySelectorAll(one.dataset.find + ' li').forEach(function (line) {
        line.hidden = line.textContent.toLowerCase().indexOf(text) < 0;
      });
    }
  });
  document.addEventListener('change', function (event) {
    if (event.target.hasAttribute('data-submit')) { event.target.form.submit(); }
  });
  document.addEventListener('submit', function (event) {
    if (event.target.hasAttribute('data-levers')) { event.preventDefault(); return; }
    var told = event.target.querySelector('.busy');
    if (told && event.target.dataset.busy) { told.textContent = event.target.dataset.busy; }
  });
  // Boxes that poll are swapped while somebody ticks runs: what was ticked stays ticked.
  var ticked = [];
  document.addEventListener('htmx:before:swap', function () {
    ticked = Array.from(document.querySelectorAll('#runs-list input:checked')).map(function (one) { return one.value; });
  });
  document.addEventListener('htmx:after:swap', function () {
    document.querySelectorAll('#runs-list input[type=checkbox]').forEach(function (one) {
      if (ticked.indexOf(one.value) >= 0) { one.checked = true; }
    });
    ready(document);
    var drawer = document.getElementById('drawer');
    if (drawer && drawer.childElementCount && drawer.dataset.shown !== drawer.textContent) {
      drawer.dataset.shown = drawer.textContent;
      drawer.scrollIntoView({ block: 'nearest' });
    }
  });
  ready(document);
})();
