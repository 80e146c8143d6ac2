import { readSettings } from '../../../nodes/Mailbox/settings';
import { executeContext } from '../../support/execute-context';

const reference = { folder: 'INBOX', uidValidity: '7', uid: 5, messageId: '<a@b>' };

const settingsOf = (parameters: Readonly<Record<string, unknown>>) =>
	readSettings(executeContext({ items: [{ json: {} }], parameters, credential: {} }), 0);

describe('the parameters of Mailbox', () => {
	it.each([
		['an object', reference],
		['JSON text', JSON.stringify(reference)],
	])('take a reference as %s', (_title, given) => {
		expect(settingsOf({ operation: 'delete', reference: given })).toMatchObject({
			kind: 'change',
			reference,
			change: { kind: 'delete' },
		});
	});

	it.each([
		[{ operation: 'delete', reference: undefined }, 'Reference: there is none'],
		[{ operation: 'delete', reference: '{broken' }, 'Reference: there is none'],
		[
			{ operation: 'delete', reference: { ...reference, uid: -1 } },
			'Reference: uid is missing or not valid',
		],
		[
			{ operation: 'delete', findBy: 'messageId', folder: 'INBOX', messageId: ' ' },
			'Message-ID: it is empty',
		],
		[
			{ operation: 'delete', findBy: 'messageId', folder: 'INBOX', messageId: 'a b' },
			'Message-ID: it has blanks in it',
		],
		[{ operation: 'move', reference }, 'Target Folder: no folder is chosen'],
		[{ operation: 'label', reference, labels: ' , ' }, 'Labels: there is none'],
		[{ operation: 'label', reference, labels: 'two words' }, 'Labels: "two words" cannot be'],
		[{ operation: 'label', reference, labels: '\\Deleted' }, 'Labels: "\\Deleted" cannot be'],
		[{ operation: 'search', filters: { since: 'soon' } }, 'Received Since: it is no valid date'],
		[{ operation: 'search', filters: { label: 'a(b' } }, 'Filters → Label: "a(b" cannot be'],
		[{ operation: 'search', limit: 0 }, 'Limit: '],
		[
			{ operation: 'getAttachments', reference, getAttachmentsOptions: { fileTypes: 'a b' } },
			'File Types',
		],
	])('are refused by their names: %j', (parameters, words) => {
		expect(() => settingsOf(parameters)).toThrow(words);
	});

	it('take a Message-ID with or without its brackets', () => {
		const by = (messageId: string) => ({
			operation: 'delete',
			findBy: 'messageId',
			folder: { __rl: true, mode: 'path', value: 'Done' },
			messageId,
		});
		const expected = { folder: 'Done', uidValidity: '', uid: 0, messageId: '<a@b>' };
		expect(settingsOf(by(' a@b '))).toMatchObject({ reference: expected });
		expect(settingsOf(by('<a@b>'))).toMatchObject({ reference: expected });
	});

	it('take labels as a list too', () => {
		expect(settingsOf({ operation: 'label', reference, labels: ['A', ' B '] })).toMatchObject({
			change: { kind: 'addFlags', flags: ['A', 'B'] },
		});
	});

	it('turn filters into what the mailbox is asked', () => {
		expect(
			settingsOf({
				operation: 'search',
				searchFolder: { __rl: true, mode: 'list', value: 'Archive' },
				filters: {
					from: ' ann ',
					subject: '',
					text: 'a\r\nb',
					read: 'yes',
					flagged: 'no',
					label: 'X',
				},
			}),
		).toMatchObject({
			search: {
				folder: 'Archive',
				limit: 50,
				simplify: true,
				query: {
					from: 'ann',
					subject: undefined,
					text: 'a b',
					seen: true,
					flagged: false,
					keyword: 'X',
				},
			},
		});
	});
});
