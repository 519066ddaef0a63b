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

interface OfProps<T extends string> extends Omit<Props, 'value' | 'onPick' | 'children'> {
  readonly value: T
  readonly of: readonly T[]
  readonly word: (option: T) => string
  readonly onPick: (value: T) => void
}

/** One of a few that are known: what is picked is one of them. */
export function PickOf<T extends string>({ of, word, onPick, ...pick }: OfProps<T>) {
  return (
    <Pick
      {...pick}
      onPick={(value) => {
        const chosen = of.find((one) => one === value)
        if (chosen !== undefined) onPick(chosen)
      }}
    >
      {of.map((one) => (
        <option key={one} value={one}>
          {word(one)}
        </option>
      ))}
    </Pick>
  )
}
