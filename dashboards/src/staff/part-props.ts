import type { Person } from '@anju/contract/api'

/** What every part of the centre's own people is given. */
export interface PartProps {
  /** Whose page it is. */
  readonly me: Person
  /** A dialog stands before the page: its other keys must wait. */
  readonly onDialog: (open: boolean) => void
}
