/** What is said may come from a file or a name that somebody was sent: nothing of it may steer the terminal. */
export const say = (line: string): void => void process.stdout.write(`${line.replaceAll(/\p{Cc}/gu, '�')}\n`)

/** Columns as wide as what stands in them; Chinese takes two places. */
export function sayTable(rows: readonly (readonly string[])[]): void {
  const widths = rows.reduce<number[]>(
    (before, row) => row.map((cell, column) => Math.max(before[column] ?? 0, widthOf(cell))),
    [],
  )
  for (const row of rows)
    say(
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
        .join('  ')
        .trimEnd(),
    )
}

const widthOf = (text: string): number =>
  text.length + (text.match(/[\p{Script=Han}\u3000-\u30ff\uff00-\uffe6]/gu)?.length ?? 0)
