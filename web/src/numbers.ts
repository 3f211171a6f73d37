// 数的写法 How figures are written: thousands apart, 万 on demand, as many digits as help a reader.

const LARGE = 10_000

export interface Written {
  text: string
  unit: string
}

/** A number with its unit as people read it; `large` writes from a hundred thousand on in 万. */
export function written(number: number, unit: string, large: boolean): Written {
  if (large && Math.abs(number) >= 10 * LARGE && unit !== '%' && !unit.startsWith('万')) {
    return { text: grouped(number / LARGE), unit: `万${unit === '1' ? '' : unit}` }
  }
  // A count is a whole number and is written as one.
  if (unit === '1' && Number.isInteger(number)) {
    return { text: number.toLocaleString('en-US').replace('-', '−'), unit: '' }
  }
  return { text: grouped(number), unit: unit === '1' ? '' : unit }
}

function grouped(number: number): string {
  const size = Math.abs(number)
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : size === 0 ? 0 : 4
  const text = number.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return text === '-0' ? '0' : text.replace('-', '−')
}

/** The same with a sign, for changes. */
export function signed(number: number, unit: string): string {
  const { text } = written(number, unit, false)
  return `${number > 0 ? '+' : ''}${text}${unit === '1' ? '' : unit === '%' ? ' %' : ` ${unit}`}`
}
