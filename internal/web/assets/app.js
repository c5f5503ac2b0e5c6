"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const body = document.body;
  const inFile = body.dataset.here === "file";

  // Charts. The data is in the page; colours are those of the style sheet, and are read again when it turns dark or light.

  const color = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  // align puts the points of all series on one x axis, as uPlot wants them. Series of the same places stand a little apart: at is where a point
  // is drawn, x what it is about.
  function align(chart) {
    const values = chart.series.flatMap(s => s.points.map(p => p.x));
    const low = Math.min(...values), wide = Math.max(...values) - low || 1;
    const apart = chart.names || chart.equal ? 0 : wide * .016;
    chart.series.forEach((s, i) => { for (const p of s.points) p.at = p.x + apart * (i - (chart.series.length - 1) / 2); });
    const xs = [...new Set(chart.series.flatMap(s => s.points.map(p => p.at)))].sort((a, b) => a - b);
    const index = new Map(xs.map((x, i) => [x, i]));
    const points = chart.series.map(s => {
      const row = new Array(xs.length).fill(null);
      for (const p of s.points) row[index.get(p.at)] = p;
      return row;
    });
    return {low, wide, xs, points, data: [xs, ...points.map(row => row.map(p => p && p.y))]};
  }

  // intervals draws the line that a chart stands on, and the intervals.
  function intervals(chart, points) {
    return u => {
      const c = u.ctx;
      c.save();
      c.lineWidth = devicePixelRatio;
      c.strokeStyle = color("dim");
      const line = (x0, y0, x1, y1) => {
        c.beginPath();
        c.moveTo(u.valToPos(x0, "x", true), u.valToPos(y0, "y", true));
        c.lineTo(u.valToPos(x1, "x", true), u.valToPos(y1, "y", true));
        c.stroke();
      };
      if (chart.zero) line(u.scales.x.min, 0, u.scales.x.max, 0);
      if (chart.equal) line(0, 0, 100, 100);
      chart.series.forEach((s, i) => {
        if (!u.series[i + 1].show) return;
        c.strokeStyle = color(s.color);
        c.lineWidth = 1.5 * devicePixelRatio;
        c.globalAlpha = .55 * (u.series[i + 1].alpha ?? 1);
        for (const p of points[i]) if (p) line(p.at, p.low, p.at, p.high);
      });
      c.restore();
    };
  }

  // marks draws the points: the sign of the series, or its number in a disc, so that colour alone tells nothing.
  function marks(chart, points) {
    return u => {
      const c = u.ctx, ratio = devicePixelRatio;
      c.save();
      c.textAlign = "center";
      c.textBaseline = "middle";
      chart.series.forEach((s, i) => {
        if (!u.series[i + 1].show) return;
        const number = /^[0-9]/.test(s.mark);
        c.globalAlpha = u.series[i + 1].alpha ?? 1;
        c.font = `${number ? "bold " + 9 * ratio : 14 * ratio}px system-ui, "DejaVu Sans", sans-serif`;
        for (const p of points[i]) {
          if (!p) continue;
          const x = u.valToPos(p.at, "x", true), y = u.valToPos(p.y, "y", true);
          c.fillStyle = color(s.color);
          if (number) {
            c.beginPath();
            c.arc(x, y, 6.5 * ratio, 0, 2 * Math.PI);
            c.fill();
            c.fillStyle = color("paper");
          }
          c.fillText(s.mark, x, y + ratio * .5);
        }
      });
      c.restore();
    };
  }

  function draw(figure) {
    const plot = $(".plot", figure);
    const chart = JSON.parse($("script[type='application/json']", figure).textContent);
    const {low: left, wide, xs, points, data} = align(chart);
    const shown = chart.series.flatMap(s => s.points);
    let low = Math.min(...shown.map(p => p.low)), high = Math.max(...shown.map(p => p.high));
    if (chart.zero) { low = Math.min(low, 0); high = Math.max(high, 0); }
    const pad = Math.max((high - low) * .06, .5);
    const range = chart.equal ? [-4, 104] : chart.zero ? [low - pad, high + pad] : [Math.max(low - pad, -2), Math.min(high + pad, 102)];
    const across = chart.equal ? [0, 104] : chart.names ? [-.6, chart.names.length - .4] : [left - wide * .08, left + wide * 1.08];
    const font = "12px system-ui, sans-serif";
    const axis = {stroke: () => color("dim"), grid: {stroke: () => color("rule"), width: 1}, ticks: {show: false}, font, labelFont: font, labelGap: 0};
    const x = {...axis, label: chart.x || null, labelSize: 18, size: 26};
    if (chart.names) {
      const room = Math.max(3, Math.floor(plot.clientWidth / chart.names.length / 7));
      x.splits = () => chart.names.map((_, i) => i);
      x.values = () => chart.names.map(n => n.length > room ? n.slice(0, room - 1) + "…" : n);
      x.grid = {show: false};
    }
    if (chart.whole) {
      const places = [...new Set(shown.map(p => p.x))].sort((a, b) => a - b);
      const step = Math.ceil(places.length / 12);
      x.splits = () => places.filter((_, i) => i % step === 0);
      x.values = (_, splits) => splits.map(String);
    }
    const place = at => {
      const p = at == null ? null : points.map(row => row[at]).find(Boolean);
      return !p ? "–" : chart.names ? chart.names[Math.round(p.x)] : String(p.x);
    };
    const told = (s, i) => ({
      label: /^[0-9]/.test(s.mark) ? s.mark + " " + s.name : s.name, stroke: () => color(s.color), width: s.line ? 1.5 : 0,
      paths: s.line ? undefined : () => null, spanGaps: true, points: {show: false},
      value: (_, v, __, at) => {
        const p = at == null ? null : points[i][at];
        return p ? `${p.y.toFixed(1)} [${p.low.toFixed(1)}, ${p.high.toFixed(1)}] n ${p.n.toLocaleString("en")}` : "–";
      },
    });
    plot.replaceChildren();
    return new uPlot({
      width: plot.clientWidth, height: 260,
      scales: {x: {time: false, range: () => across}, y: {range: () => range}},
      axes: [x, {...axis, label: chart.y, labelSize: 18, size: 36}],
      series: [{label: chart.names ? "arm" : chart.x, value: (_, v, __, at) => place(at)}, ...chart.series.map(told)],
      cursor: {drag: {x: false, y: false}, focus: {prox: 24}, points: {show: false}},
      focus: {alpha: .25},
      hooks: {drawAxes: [intervals(chart, points)], draw: [marks(chart, points)]},
    }, data, plot);
  }

  let charts = [];
  function drawAll() {
    charts.forEach(u => u.destroy());
    sizes.disconnect();
    charts = all(".chart").filter(f => $(".plot", f).clientWidth > 0).map(draw);
    for (const f of all(".chart")) sizes.observe(f);
  }
  let redraw = 0;
  const later = () => { clearTimeout(redraw); redraw = setTimeout(drawAll, 150); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later);
  const sizes = new ResizeObserver(() => {
    if (charts.some(u => u.root.parentElement && u.root.parentElement.clientWidth > 0 && u.root.parentElement.clientWidth !== u.width)) later();
  });

  // Live: how far the run and its report have come is asked again and again, and a page that has fallen behind is fetched anew.

  async function follow() {
    let wait = 1000;
    for (;;) {
      await new Promise(done => setTimeout(done, wait));
      let now;
      try {
        now = await (await fetch("/status")).json();
        wait = 1000;
        $("#progress").firstElementChild.textContent = now.words;
        $("#progress").lastElementChild.textContent = now.failures;
        const seen = body.dataset;
        const newer = seen.here === "summary" && now.report > Number(seen.report) || (seen.here === "debates" || seen.here === "summary" && now.report === 0) && now.done !== Number(seen.done);
        if (newer && !await renew()) continue;
        const reading = $("#reading");
        if (reading && now.read) reading.textContent = `The report is being computed: ${now.read.toLocaleString("en")} debates read. This page shows it when it is there.`;
        if (now.over) return;
      } catch { // nobody answers: it may be started again
        wait = Math.min(wait * 2, 30000);
        $("#progress").firstElementChild.textContent = "cheaptalk view has ended";
        $("#progress").lastElementChild.textContent = "";
      }
    }
  }

  // renew puts what the page would be now in its place, unless somebody is filling in its form.
  async function renew() {
    if (document.activeElement && document.activeElement.closest("form")) return false;
    const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const main = $("main", fresh);
    if (!main) return false;
    $("#progress").replaceWith($("#progress", fresh));
    for (const name of ["report", "done"]) body.dataset[name] = fresh.body.dataset[name];
    if (["summary", "debates"].includes(body.dataset.here)) {
      const at = document.activeElement && document.activeElement.getAttribute("href");
      $("main").replaceChildren(...main.childNodes);
      drawAll();
      listen();
      const again = at && all("main a").find(a => a.getAttribute("href") === at);
      if (again) again.focus({preventScroll: true});
    }
    return true;
  }

  // The list of a single file: it is filtered, sorted and paged here.

  const pageSize = 100;
  function fileList() {
    const form = $("form.filter"), table = $("#debates");
    if (!form || !table) return;
    const rows = [...table.tBodies[0].rows].map((row, i) => {
      const cell = n => row.cells[n].textContent.trim();
      const count = n => Number(cell(n).replace(/\D/g, "") || 0);
      return {row, i, item: $("a", row).textContent.toLowerCase(), arm: cell(1), outcome: cell(2), corrupted: count(3), corrected: count(4), rounds: count(8), tied: cell(5) !== "", set: row.dataset.set};
    });
    let found = rows, page = 0, sort = "", down = false;
    const rank = ["failed", "unreadable", "wrong", "right"];
    const key = {arm: r => r.arm, outcome: r => rank.findIndex(name => r.outcome.includes(name)), corrupted: r => r.corrupted, corrected: r => r.corrected, rounds: r => r.rounds};
    const is = {harmful: r => r.corrupted > 0, beneficial: r => r.corrected > 0, tied: r => r.tied, failed: r => r.outcome.includes("failed"), unreadable: r => r.outcome.includes("unreadable")};
    const pages = $("#pages"), last = () => Math.max(Math.ceil(found.length / pageSize) - 1, 0);
    const show = () => {
      page = Math.min(Math.max(page, 0), last());
      const visible = found.slice(page * pageSize, (page + 1) * pageSize);
      for (const r of rows) r.row.hidden = true;
      for (const r of visible) { r.row.hidden = false; table.tBodies[0].append(r.row); }
      $("#found").textContent = found.length === 0 ? "No debate is like that." : `${(page * pageSize + 1).toLocaleString("en")}–${(page * pageSize + visible.length).toLocaleString("en")} of ${found.length.toLocaleString("en")}`;
      pages.hidden = last() === 0;
      for (const b of all("button", pages)) b.disabled = ["first", "previous"].includes(b.dataset.page) ? page === 0 : page === last();
    };
    const choose = () => {
      const f = new FormData(form), text = (f.get("q") || "").toLowerCase();
      found = rows.filter(r => r.item.includes(text) && (!f.get("arm") || r.arm === armName(f.get("arm"))) && (!f.get("set") || r.set === f.get("set")) && (!f.get("with") || is[f.get("with")](r)));
      if (sort) {
        const of = key[sort];
        found.sort((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0) * (down ? -1 : 1) || a.i - b.i);
      } else if (down) found.reverse();
      page = 0;
      show();
    };
    const armName = value => { const o = all("option", form.elements.arm).find(o => o.value === value); return o ? o.textContent.trim() : value; };
    form.addEventListener("input", choose);
    form.addEventListener("submit", e => { e.preventDefault(); choose(); });
    pages.addEventListener("click", e => {
      const to = e.target.dataset.page;
      if (!to) return;
      page = {first: 0, previous: page - 1, next: page + 1, last: last()}[to];
      show();
    });
    for (const th of all("th[data-sort]", table)) {
      const by = th.dataset.sort;
      if (by === "-") continue;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = th.textContent;
      th.replaceChildren(button);
      const name = by === "case" ? "" : by;
      button.addEventListener("click", () => {
        down = sort === name ? !down : th.classList.contains("number");
        sort = name;
        for (const other of all("th[data-sort]", table)) other.removeAttribute("aria-sort");
        th.setAttribute("aria-sort", down ? "descending" : "ascending");
        choose();
      });
    }
    order = () => found.map(r => $("a", r.row).getAttribute("href"));
    choose();
  }
  let order = () => [];

  // A single file shows one debate at #d1, one of its messages at #d1-m0, and two debates beside each other at #d1+d2, where they stay while
  // their messages are followed.
  function showDebates() {
    const target = document.getElementById(location.hash.slice(1));
    const isDebate = e => Boolean(e) && e.matches("article.debate");
    if (body.classList.contains("pair") && target && !isDebate(target) && target.closest("article.shown")) return;
    const two = location.hash.slice(1).split("+").map(id => document.getElementById(id));
    const pair = two.length === 2 && two.every(isDebate);
    const shown = pair ? two : target ? [target.closest("article.debate")].filter(Boolean) : [];
    for (const a of all("article.shown")) a.classList.remove("shown");
    for (const a of shown) a.classList.add("shown");
    body.classList.toggle("pair", pair);
    body.classList.toggle("one", shown.length > 0);
    if (pair || isDebate(target)) scrollTo(0, 0);
    else if (target) target.scrollIntoView();
    if (!charts.length) drawAll();
    search();
  }

  // Keys.

  function focusSearch() {
    const field = $("form.filter input[type=search]");
    if (!field || !field.offsetParent) return false;
    field.focus();
    field.select();
    return true;
  }

  // search is called when a page is shown: "/" on another page led here.
  function search() { if (location.hash === "#search") focusSearch(); }

  function go(link) { if (link) link.click(); return Boolean(link); }
  function step(by) {
    if (inFile) {
      const hrefs = order(), at = hrefs.indexOf(location.hash.split("-")[0]);
      if (at >= 0) { if (hrefs[at + by]) location.hash = hrefs[at + by]; return true; }
    } else if (body.dataset.here === "debate") return go($(by > 0 ? "a[rel=next]" : "a[rel=prev]"));
    const links = all("#debates a.open").filter(a => a.offsetParent);
    const at = links.indexOf(document.activeElement);
    const to = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by];
    if (to) { to.focus(); return true; }
    return go($(by > 0 ? ".pages a[rel=next], .pages [data-page=next]:enabled" : ".pages a[rel=prev], .pages [data-page=previous]:enabled"));
  }
  addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, select, textarea")) {
      if (e.key === "Escape") e.target.blur();
      return;
    }
    const scrolls = e.target.closest(".scroll");
    switch (e.key) {
      case "/": if (!focusSearch()) location.href = inFile ? "#search" : "/debates#search"; break;
      case "j": step(1); break;
      case "k": step(-1); break;
      case "ArrowRight": if (scrolls || !step(1)) return; break;
      case "ArrowLeft": if (scrolls || !step(-1)) return; break;
      case "u": if (inFile) location.hash = "#list"; else if (!go($("a[rel=up]"))) location.href = "/debates"; break;
      case "s": if (inFile) location.hash = "#main"; else location.href = "/"; break;
      default: return;
    }
    e.preventDefault();
  });

  // A choice in the form of the list is made at once.
  function listen() {
    if (inFile) return;
    for (const s of all("form.filter select")) s.addEventListener("change", () => s.form.requestSubmit());
  }

  drawAll();
  listen();
  if (inFile) {
    fileList();
    showDebates();
    addEventListener("hashchange", showDebates);
  } else {
    search();
    if ("live" in body.dataset) follow();
  }
})();
