import type { EventType } from '@anju/contract'
import type { Told } from '../../src/telling.ts'

const PUSHES: ReadonlySet<unknown> = new Set(['single_push', 'double_push', 'triple_push', 'long_push'])

/** Whether the component tells a push: `btn_down` and `btn_up` are only its edges, `config_changed` is nobody's push. */
export const isPushed = ({ frame }: Told, component: string): boolean =>
  Array.isArray(frame.events) &&
  (frame.events as readonly { component: unknown; event: unknown }[]).some(
    (one) => one.component === component && PUSHES.has(one.event),
  )

/** Whoever presses an emergency button means it, however long and often. */
export const sosWhen = (pushed: boolean): readonly EventType[] => (pushed ? ['sos-pressed'] : [])
