// 色板 One colour for each sector and each fuel, told apart in light and dark; words stand beside them.

export const SECTORS: Record<string, string> = {
  energy: '#8c6bb1',
  industry: '#0f766e',
  building: '#c98a1b',
  transport: '#3b7dc4',
  agriculture: '#6a9a3b',
  living: '#b5576b',
}

export const FUELS: Record<string, string> = {
  raw_coal: '#4a4f55',
  gasoline: '#b5576b',
  diesel: '#9a6a3a',
  natural_gas: '#3b7dc4',
  lng: '#6bb0c9',
  heat: '#d0662f',
  electricity: '#d4a514',
}

export const FUEL_NAMES: Record<string, [string, string]> = {
  raw_coal: ['原煤', 'raw coal'],
  gasoline: ['汽油', 'petrol'],
  diesel: ['柴油', 'diesel'],
  natural_gas: ['天然气', 'natural gas'],
  lng: ['液化天然气', 'LNG'],
  heat: ['热力', 'heat'],
  electricity: ['电力', 'electricity'],
}

export const SHAPES: Record<string, string> = {
  green: '●',
  blue: '■',
  yellow: '▲',
  orange: '◆',
  red: '✚',
}

export function ink(dark: boolean) {
  return dark
    ? { text: '#e6f0ee', quiet: '#a9c1bd', line: '#243835', card: '#13211f' }
    : { text: '#16302e', quiet: '#47625f', line: '#dbe5e3', card: '#ffffff' }
}
