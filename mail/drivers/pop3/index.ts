export { createPop3Driver } from './driver';
