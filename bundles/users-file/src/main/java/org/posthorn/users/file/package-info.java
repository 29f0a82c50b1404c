/** Users and aliases in files that an administrator edits. */
package org.posthorn.users.file;
