import { createRouter, createWebHistory } from 'vue-router'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'home', component: () => import('./pages/HomePage.vue') },
    { path: '/enterprises', name: 'enterprises', component: () => import('./pages/EnterprisesPage.vue') },
    { path: '/enterprises/:id', name: 'enterprise', component: () => import('./pages/EnterprisePage.vue') },
    { path: '/data', name: 'data', component: () => import('./pages/DataPage.vue') },
    { path: '/data/:id', name: 'submission', component: () => import('./pages/SubmissionPage.vue') },
    { path: '/warnings', name: 'warnings', component: () => import('./pages/WarningsPage.vue') },
    { path: '/library', name: 'library', component: () => import('./pages/LibraryPage.vue') },
    { path: '/runs', name: 'runs', component: () => import('./pages/RunsPage.vue') },
    { path: '/audit', name: 'audit', component: () => import('./pages/AuditPage.vue') },
    { path: '/screen', name: 'screen', component: () => import('./pages/ScreenPage.vue') },
    { path: '/:rest(.*)', redirect: '/' },
  ],
})
