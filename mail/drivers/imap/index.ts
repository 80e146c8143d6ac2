export { createDraftsFolder } from './drafts-folder';
export { createImapDriver } from './driver';
export { createSentFolder } from './sent-folder';
