export { GET } from '../v1/health/route';
