import type { INodeProperties } from 'n8n-workflow';
import { folderProperty } from '../../bridge/folder-property';

/** Copy and Move. */
export const transferProperties: INodeProperties[] = [
	folderProperty({
		displayName: 'Target Folder',
		name: 'targetFolder',
		description: 'The folder that the e-mail goes to; it must exist',
		preset: '',
		displayOptions: { show: { operation: ['copy', 'move'] } },
	}),
];
