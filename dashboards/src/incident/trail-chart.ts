import uPlot from 'uplot'
import type { Trail } from './trail-data.ts'

const ink = '#4a525b'
const faint = '#e1e4e8'
const red = '#a8071a'
const stripPx = 12
const stripShare = 0.11

export interface Marks {
  /** Epoch seconds of the presses and falls that are this alarm. */
  readonly occurrencesS: readonly number[]
  readonly textAt: (at: number) => string
  readonly gapWord: (why: string) => string
  readonly label: { readonly power: string; readonly voltage: string; readonly presence: string }
}

/** Draws what a home measured. Gaps stay gaps and carry their reason; presses stand as red lines over everything. */
export function drawTrail(into: HTMLElement, trail: Trail, marks: Marks, width: number, height: number): uPlot {
  const font = '12px system-ui, sans-serif'
  const options: uPlot.Options = {
    width,
    height,
    padding: [10, 4, 0, 4],
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: true },
      W: { range: (_, __, max) => aboveStrip(0, Math.max(100, (max ?? 0) * 1.15)) },
      // A mains voltage is read by how far it strays; a scale that hugs it would make noise look like news.
      V: { range: (_, min, max) => aboveStrip(Math.min(180, min ?? 180), Math.max(260, max ?? 260)) },
    },
    axes: [
      {
        stroke: ink,
        font,
        size: 30,
        grid: { stroke: faint, width: 1 },
        ticks: { stroke: faint, size: 4 },
        space: 90,
        values: (_, splits) => splits.map((at) => marks.textAt(at * 1_000)),
      },
      {
        scale: 'W',
        stroke: ink,
        font,
        size: 52,
        grid: { stroke: faint, width: 1 },
        ticks: { show: false },
        values: (_, splits) => splits.map((watts) => (watts < 0 ? '' : String(watts))),
      },
      {
        scale: 'V',
        // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- uPlot's enum exists only in its types
        side: 1,
        stroke: '#5c646d',
        font,
        size: 44,
        grid: { show: false },
        ticks: { show: false },
      },
    ],
    series: [
      {},
      {
        label: marks.label.power,
        scale: 'W',
        stroke: '#2b3036',
        width: 2,
        fill: 'rgba(43,48,54,0.07)',
        spanGaps: false,
        points: { show: false },
      },
      {
        label: marks.label.voltage,
        scale: 'V',
        stroke: '#7a828c',
        width: 1.25,
        dash: [5, 3],
        spanGaps: false,
        points: { show: false },
      },
    ],
    hooks: {
      drawClear: [(chart) => drawGaps(chart, trail)],
      draw: [(chart) => drawMarks(chart, trail, marks), (chart) => nameGaps(chart, trail, marks)],
    },
  }
  const nothing = trail.atS.map(() => null)
  const data = [
    [...trail.atS],
    [...(trail.power?.values ?? nothing)],
    [...(trail.voltage?.values ?? nothing)],
  ] as uPlot.AlignedData
  return new uPlot(options, data, into)
}

/** Leaves the foot of the chart to the strip of presence, so that a small load is not hidden behind it. */
const aboveStrip = (low: number, high: number): [number, number] => [low - (high - low) * stripShare, high]

function drawGaps(chart: uPlot, trail: Trail): void {
  const { ctx, bbox } = chart
  const gaps = (trail.power ?? trail.voltage)?.gaps ?? []
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  for (const { fromS, toS } of gaps) {
    const left = chart.valToPos(fromS, 'x', true)
    const right = chart.valToPos(toS, 'x', true)
    ctx.fillStyle = '#eceef1'
    ctx.fillRect(left, bbox.top, right - left, bbox.height)
    ctx.strokeStyle = '#c4c9d0'
    ctx.lineWidth = devicePixelRatio
    ctx.beginPath()
    for (let x = left - bbox.height; x < right; x += 10 * devicePixelRatio) {
      ctx.moveTo(Math.max(x, left), bbox.top + bbox.height - Math.max(0, left - x))
      ctx.lineTo(Math.min(x + bbox.height, right), bbox.top + Math.max(0, x + bbox.height - right))
    }
    ctx.stroke()
  }
  ctx.restore()
}

/** Over the grid, so that no line goes through a word. */
function nameGaps(chart: uPlot, trail: Trail, marks: Marks): void {
  const { ctx, bbox } = chart
  ctx.save()
  for (const { fromS, toS, why } of (trail.power ?? trail.voltage)?.gaps ?? []) {
    const left = Math.max(bbox.left, chart.valToPos(fromS, 'x', true))
    const right = Math.min(bbox.left + bbox.width, chart.valToPos(toS, 'x', true))
    const word = marks.gapWord(why)
    ctx.font = `600 ${12 * devicePixelRatio}px system-ui, sans-serif`
    ctx.textAlign = 'center'
    const wide = ctx.measureText(word).width + 12 * devicePixelRatio
    if (wide > right - left) continue // the text beside the chart names every gap
    const middle = (left + right) / 2
    const top = bbox.top + bbox.height / 2
    ctx.fillStyle = '#eceef1'
    ctx.fillRect(middle - wide / 2, top - 10 * devicePixelRatio, wide, 20 * devicePixelRatio)
    ctx.fillStyle = '#23282d'
    ctx.textBaseline = 'middle'
    ctx.fillText(word, middle, top)
  }
  ctx.restore()
}

function drawMarks(chart: uPlot, trail: Trail, marks: Marks): void {
  const { ctx, bbox } = chart
  const px = devicePixelRatio
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, 0, bbox.width, bbox.top + bbox.height)
  ctx.clip()
  const stripTop = bbox.top + bbox.height - stripPx * px
  if (trail.watchesPresence) {
    ctx.fillStyle = '#f4f5f7'
    ctx.fillRect(bbox.left, stripTop, bbox.width, stripPx * px)
    ctx.fillStyle = '#8b939c'
    for (const { fromS, toS } of trail.presence) {
      const left = chart.valToPos(fromS, 'x', true)
      ctx.fillRect(left, stripTop + 2 * px, chart.valToPos(toS, 'x', true) - left, (stripPx - 4) * px)
    }
  }
  for (const { fromS } of trail.falls) triangle(ctx, chart.valToPos(fromS, 'x', true), stripTop, 7 * px)
  for (const at of marks.occurrencesS) {
    const x = chart.valToPos(at, 'x', true)
    ctx.strokeStyle = red
    ctx.fillStyle = red
    ctx.lineWidth = 2 * px
    ctx.setLineDash([])
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    ctx.beginPath()
    ctx.arc(x, bbox.top, 4.5 * px, 0, 2 * Math.PI)
    ctx.fill()
  }
  ctx.restore()
}

function triangle(ctx: CanvasRenderingContext2D, x: number, bottom: number, half: number): void {
  ctx.fillStyle = red
  ctx.beginPath()
  ctx.moveTo(x - half, bottom)
  ctx.lineTo(x + half, bottom)
  ctx.lineTo(x, bottom - 1.7 * half)
  ctx.closePath()
  ctx.fill()
}
