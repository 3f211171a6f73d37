// 状态 What the whole app shares: the district, the state in the address bar, the open figure.

import { computed, reactive, ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { get } from './api/client'
import type { District } from './api/types'

export const district = ref<District | null>(null)

export async function loadDistrict(): Promise<void> {
  district.value = await get<District>('/district')
}

export function townName(id: string): string {
  return district.value?.towns.find((town) => town.id === id)?.name ?? id
}

export function sectorName(id: string): string {
  return district.value?.sectors.find((sector) => sector.id === id)?.name ?? id
}

/** The figure whose provenance is open; the drawer stands beside every page. */
export const opened = reactive<{ address: string | null; back: HTMLElement | null }>({
  address: null,
  back: null,
})

export function openFigure(address: string): void {
  opened.back = document.activeElement as HTMLElement | null
  opened.address = address
}

export const FIRST_YEAR = 2012
export const LAST_YEAR = 2021

/** A part of the address bar as a value: what is shown can be sent to somebody else. */
export function useAddressPart(name: string, fallback: string) {
  const route = useRoute()
  const router = useRouter()
  return computed<string>({
    get: () => String(route.query[name] ?? fallback),
    set: (value) => {
      const query = { ...route.query, [name]: value === fallback ? undefined : value }
      void router.replace({ query })
    },
  })
}

/** 明暗 light or dark, large numbers in 万, kept by the browser. */
export const look = reactive({
  dark: localStorage.getItem('tanliu.dark') === 'yes',
  large: localStorage.getItem('tanliu.large') !== 'no',
})

export function keepLook(): void {
  localStorage.setItem('tanliu.dark', look.dark ? 'yes' : 'no')
  localStorage.setItem('tanliu.large', look.large ? 'yes' : 'no')
  document.documentElement.classList.toggle('dark', look.dark)
}
