import { PlanDialog } from './plan-dialog.tsx'
import type { PlanEditing } from './plan-editing.ts'
import { RemovePlanDialog } from './remove-plan-dialog.tsx'

interface Props {
  readonly editing: PlanEditing
  /** `gone`: what had the focus before is no longer in the list. */
  readonly onDone: (gone: boolean) => void
}

/** What is asked when a plan is written or taken away. */
export function PlanDialogs({ editing, onDone }: Props) {
  return 'unwanted' in editing ? (
    <RemovePlanDialog plan={editing.unwanted} onDone={onDone} />
  ) : (
    <PlanDialog plan={editing.edited} standard={editing.standard} onDone={() => onDone(false)} />
  )
}
