export { createGraphDriver } from './driver';
