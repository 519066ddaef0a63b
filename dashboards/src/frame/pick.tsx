import { InputBase } from '@mantine/core'
import type { ChangeEvent, ReactNode } from 'react'

interface Props {
  readonly label: string
  readonly value: string
  readonly problem?: string | undefined
  readonly field?: string | undefined
  /** Has the focus when its dialog opens. */
  readonly first?: boolean
  readonly onPick: (value: string) => void
  readonly children: ReactNode
}

/** One of a list, by the browser's own list: it takes keys, a telephone's wheel and a screen reader as they are. */
export function Pick({ label, value, problem, field, first = false, onPick, children }: Props) {
  return (
    <InputBase
      component="select"
      pointer
      rightSection={<span aria-hidden="true">▾</span>}
      rightSectionPointerEvents="none"
      label={label}
      value={value}
      error={problem}
      data-field={field}
      data-autofocus={first ? true : undefined}
      onChange={(event: ChangeEvent<HTMLSelectElement>) => onPick(event.currentTarget.value)}
    >
      {children}
    </InputBase>
  )
}
