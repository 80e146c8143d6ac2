import type { INodeProperties } from 'n8n-workflow';

/** A parameter for one folder of the mailbox, picked from a list or given by its path. */
export function folderProperty(
	own: Pick<INodeProperties, 'displayName' | 'name' | 'description' | 'displayOptions'> & {
		readonly preset: 'INBOX' | '';
	},
): INodeProperties {
	const { preset, ...rest } = own;
	return {
		...rest,
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: preset, cachedResultName: preset },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchFolders', searchable: true },
			},
			{
				displayName: 'By Path',
				name: 'path',
				type: 'string',
				placeholder: 'e.g. INBOX/Invoices',
				hint: 'As the server names it, with its own separator',
			},
		],
	};
}
