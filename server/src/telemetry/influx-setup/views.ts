import { DomainError } from '@anju/contract'
import type { Body, Json } from './thing.ts'

/** How a dashboard's file shows the answer to a question; everything else about its looks is said once, here. */
const KINDS = ['lines', 'steps', 'bars', 'figure', 'table'] as const

/** A cell of a dashboard's file: the grid is twelve wide; a script is a list of lines, because JSON has no long texts. */
interface Cell {
  readonly name: string
  readonly at: readonly [x: number, y: number, w: number, h: number]
  readonly show: (typeof KINDS)[number]
  readonly suffix?: string
  readonly query: readonly string[]
}

/**
 * What a dashboard's file says, as InfluxDB's API takes it.
 * @throws DomainError `config-malformed`
 */
export function dashboardOf(file: string, text: string): { name: string; body: Body } {
  const { name, description, cells } = JSON.parse(text) as { name: string; description: string; cells: readonly Cell[] }
  for (const { name, show } of cells)
    if (!KINDS.includes(show))
      throw new DomainError('config-malformed', `${file}: ${name}: "${show}" is none of ${KINDS.join(', ')}`)
  const inOrder = [...cells].sort((a, b) => a.at[1] - b.at[1] || a.at[0] - b.at[0])
  return {
    name,
    body: {
      description,
      cells: inOrder.map((cell) => {
        const [x, y, w, h] = cell.at
        return { name: cell.name, x, y, w, h, properties: propertiesOf(cell) }
      }),
    },
  }
}

function propertiesOf({ show, query, suffix = '' }: Cell): Json {
  const asked = {
    shape: 'chronograf-v2',
    queries: [{ text: query.join('\n'), editMode: 'advanced', name: '' }],
    note: '',
    showNoteWhenEmpty: false,
  }
  switch (show) {
    case 'figure':
      return {
        ...asked,
        type: 'single-stat',
        prefix: '',
        suffix: suffix && ` ${suffix}`,
        decimalPlaces: { isEnforced: true, digits: 0 },
        colors: [{ id: 'base', type: 'text', hex: '#545667', name: 'graphite', value: 0 }],
      }
    case 'table':
      return {
        ...asked,
        type: 'table',
        colors: [{ id: 'base', type: 'text', hex: '#545667', name: 'graphite', value: 0 }],
        tableOptions: {
          verticalTimeAxis: true,
          sortBy: { internalName: '', displayName: '', visible: true },
          wrapping: '',
        },
        fieldOptions: [],
        timeFormat: 'YYYY-MM-DD HH:mm:ss',
        decimalPlaces: { isEnforced: false, digits: 2 },
      }
    default:
      return {
        ...asked,
        type: 'xy',
        geom: geomOf[show],
        axes: { x: axis(''), y: axis(suffix && ` ${suffix}`) },
        // Told apart by a colour-blind reader too, and quiet on a grey field.
        colors: ['#1D6FB8', '#FFA940', '#545667'].map((hex, index) => ({
          id: `colour-${index}`,
          type: 'scale',
          hex,
          name: 'anju',
          value: 0,
        })),
        xColumn: '_time',
        yColumn: '_value',
        position: 'overlaid',
        hoverDimension: 'auto',
        legendOpacity: 1,
        legendOrientationThreshold: 100_000_000,
      }
  }
}

const geomOf = { lines: 'line', steps: 'step', bars: 'bar' } as const
const axis = (suffix: string) => ({ bounds: ['', ''], label: '', prefix: '', suffix, base: '10', scale: 'linear' })
