"use strict";
const dark = matchMedia("(prefers-color-scheme: dark)");
const drawn = new Set();

function layout(figure) {
  const ink = dark.matches ? "#e6edf3" : "#1f2328";
  const line = dark.matches ? "#30363d" : "#d1d9e0";
  const axis = { gridcolor: line, linecolor: line, zerolinecolor: line };
  return {
    ...figure.layout,
    margin: { l: 80, r: 24, t: 24, b: 48, ...figure.layout.margin },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: ink },
    xaxis: { ...axis, ...figure.layout.xaxis },
    yaxis: { ...axis, ...figure.layout.yaxis },
    yaxis2: { ...axis, ...figure.layout.yaxis2 },
  };
}

function draw(chart) {
  const figure = JSON.parse(document.getElementById(`${chart.id}-data`).textContent);
  Plotly.react(chart, figure.data, layout(figure), { responsive: true, displaylogo: false, displayModeBar: false });
  drawn.add(chart);
}

function drawOpen() {
  for (const chart of document.querySelectorAll("details[open] .chart")) {
    if (!drawn.has(chart)) draw(chart);
  }
}

for (const drill of document.querySelectorAll("details")) drill.addEventListener("toggle", drawOpen);
dark.addEventListener("change", () => drawn.forEach(draw));
addEventListener("beforeprint", () => {
  for (const drill of document.querySelectorAll("details")) drill.open = true;
  drawOpen();
});
function openTarget() {
  const drill = document.getElementById(location.hash.slice(1));
  if (drill) drill.open = true;
}

addEventListener("hashchange", openTarget);
openTarget();
drawOpen();
