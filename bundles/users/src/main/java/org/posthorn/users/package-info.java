/** Who somebody is, asked of all directories; and the commands that make users. */
package org.posthorn.users;
