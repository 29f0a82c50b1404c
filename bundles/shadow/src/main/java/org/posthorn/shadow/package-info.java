/** Keeps what filters in the shadow said, and shows it. */
package org.posthorn.shadow;
