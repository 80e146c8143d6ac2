export { createImapDriver } from './driver';
export { createSentFolder } from './sent-folder';
